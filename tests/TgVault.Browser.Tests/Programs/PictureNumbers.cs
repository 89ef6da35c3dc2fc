using TgVault.Testing;

namespace TgVault.Browser.Tests.Programs;

/// <summary>The numbers in screenshots of clips whose pictures say theirs (see <see cref="Kinds.Kind"/>).</summary>
static class PictureNumbers
{
    /// <summary>Of each file, in the order of their names.</summary>
    public static async Task<IReadOnlyList<int>> ReadAsync(string folder, string pattern)
    {
        // Every picture as eight grey values.
        var raw = Path.Combine(folder, "stripes.gray");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -pattern_type glob -i {folder}/{pattern} -vf scale=8:1:flags=area,format=gray "
                + $"-fps_mode passthrough -f rawvideo {raw}"
        );
        return
        [
            .. (await File.ReadAllBytesAsync(raw))
                .Chunk(8)
                .Select(stripes => stripes.Select((grey, bit) => grey > 128 ? 1 << bit : 0).Sum()),
        ];
    }
}
