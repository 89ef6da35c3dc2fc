using System.Globalization;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>
/// What HLS and fragmented MP4 of a film have to be: fetched once, before anything goes wrong. Films of one kind have the same media and
/// differ in noise that is no media, so it holds for all of them.
/// </summary>
sealed class Segments
{
    static readonly string[] Paths = ["hls/0/init.mp4", "hls/0/0.m4s", "hls/1/init.mp4", "hls/1/0.m4s", "fragmented.mp4"];

    readonly (string Path, byte[] Bytes)[] _files;

    Segments((string, byte[])[] files) => _files = files;

    /// <exception cref="CommandFailedException">The vault does not give them, though nothing is wrong yet.</exception>
    public static async Task<Segments> FetchAsync(VaultCalls calls, FilmLink link, CancellationToken cancellationToken)
    {
        var files = new List<(string, byte[])>();
        foreach (var path in Paths)
        {
            var answer = await calls.GetAsync($"v/{link.Token}/{path}", cancellationToken);
            if (answer is not { Status: 200, Body.Length: > 0 })
                throw new CommandFailedException($"{path} of {link.Film.FirstName} was not given in peace: {answer?.Told ?? "no answer"}");
            files.Add((path, answer.Body));
        }

        var media = files.Where(file => file.Item1.EndsWith(".m4s", StringComparison.Ordinal)).Sum(file => MediaBytes(file.Item2));
        return media == SourceClip.Media.LengthBytes
            ? new Segments([.. files])
            : throw new CommandFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The segments of {link.Film.FirstName} hold {media} bytes of media, and the film has {SourceClip.Media.LengthBytes}."
                )
            );
    }

    /// <summary>One of the files, by a roll of dice.</summary>
    public ReadTarget Target(FilmLink link, ulong roll)
    {
        var (path, bytes) = _files[(int)(roll % (ulong)_files.Length)];
        return ReadTarget.Of(link.Film, $"v/{link.Token}/{path}", bytes);
    }

    // The payload of a segment's mdat, which is its last box.
    static long MediaBytes(byte[] segment) => segment.Length - segment.AsSpan().LastIndexOf("mdat"u8) - 4;
}
