using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// Makes odd files of good ones: one box of an MP4 is found by its path (<c>moov/trak[1]/mdia/mdhd</c>) and changed, and the boxes around
/// it get their new sizes. Chunk offsets stay, so moov has to be at the end where its size changes.
/// </summary>
static class Mp4Patch
{
    /// <summary>The file with another payload in the box at <paramref name="path"/>; without the box where that is null.</summary>
    public static byte[] Change(byte[] bytes, string path, Func<byte[], byte[]?> change)
    {
        var (name, rest) = path.Split('/', 2) is [var first, var more] ? (first, more) : (path, "");
        var number = name.Contains('[', StringComparison.Ordinal) ? int.Parse(name[5..^1], CultureInfo.InvariantCulture) : 0;
        using var result = new MemoryStream();
        var found = false;
        for (var at = 0; at + 8 <= bytes.Length; )
        {
            var size = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            size = size == 0 ? bytes.Length - at : size;
            var type = Encoding.Latin1.GetString(bytes, at + 4, 4);
            if (type != name[..4] || number-- != 0)
            {
                result.Write(bytes, at, size);
            }
            else
            {
                found = true;
                var payload = bytes[(at + 8)..(at + size)];
                if ((rest.Length > 0 ? Change(payload, rest, change) : change(payload)) is { } changed)
                    result.Write(Source.Box(type, changed));
            }

            at += size;
        }

        Assert.True(found, $"There is no {path}.");
        return result.ToArray();
    }

    /// <summary>The file with other bytes at a place in the box at <paramref name="path"/>.</summary>
    public static byte[] Write(byte[] bytes, string path, int at, params object[] parts) =>
        Change(
            bytes,
            path,
            payload =>
            {
                byte[] written = [.. parts.SelectMany(Source.Bytes)];
                written.CopyTo(payload, at < 0 ? payload.Length + at : at);
                return payload;
            }
        );

    /// <summary>The file with a box more at the end of the box at <paramref name="path"/>.</summary>
    public static byte[] Append(byte[] bytes, string path, byte[] box) => Change(bytes, path, payload => [.. payload, .. box]);

    /// <summary>The file with another table of entries, whose count stands before it, in a full box.</summary>
    public static byte[] Table(byte[] bytes, string path, params int[][] entries) =>
        Change(
            bytes,
            path,
            payload =>
                [.. payload[..4], .. Source.Bytes(entries.Length), .. entries.SelectMany(entry => entry).SelectMany(n => Source.Bytes(n))]
        );

    /// <summary>
    /// The file with an edit list in a track that has one: lengths in ticks of the movie and media times in ticks of the track.
    /// </summary>
    public static byte[] Edits(byte[] bytes, int track, params (int Length, int Start)[] edits) =>
        Table(bytes, $"moov/trak[{track}]/edts/elst", [.. edits.Select(edit => (int[])[edit.Length, edit.Start, 0x10000])]);
}
