using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TgVault.Core.Staging.Folder;

/// <summary>A file that holds bytes of a staged blob.</summary>
/// <param name="File">Its name within the blob's folder.</param>
readonly record struct BlockFile(string File, long LengthBytes);

/// <summary>What a version of a staged blob is called, and how long it is.</summary>
/// <param name="Tag">16 hex digits by chance, so that no version ever has an earlier one's, also of a blob that was removed since.</param>
/// <param name="Blocks">Of how many files it is.</param>
sealed record BlobVersion(string Tag, long LengthBytes, DateTimeOffset Modified, int Blocks)
{
    /// <summary>The tag of no version: what blocks are staged upon while there is no blob.</summary>
    public const string NoTag = "0000000000000000";

    /// <summary>As HTTP writes it.</summary>
    public string ETag => $"\"{Tag}\"";

    public static string NewTag() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Null where the line is not one that <see cref="CommittedBlocks.Write"/> wrote.</summary>
    public static BlobVersion? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            return
                JsonSerializer.Deserialize<BlobVersion>(line, JsonSerializerOptions.Web)
                    is { Tag.Length: 16, LengthBytes: >= 0, Blocks: >= 0 and <= CommittedBlocks.Most } version
                ? version
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// The files that make one version of a staged blob, in their order. Kept as a small file of its own, so that a commit moves no bytes: a
/// film of 100 GB takes 100 GB on the disk and is whole in a moment.
/// </summary>
sealed class CommittedBlocks
{
    /// <summary>As many as a block list of Azure has.</summary>
    public const int Most = 50_000;

    /// <summary>The first line is not longer.</summary>
    public const int MaxHeadBytes = 512;

    readonly long[] _ends;

    public CommittedBlocks(string tag, DateTimeOffset modified, ImmutableArray<BlockFile> files)
    {
        Files = files;
        _ends = new long[files.Length];
        var length = 0L;
        for (var i = 0; i < files.Length; i++)
            _ends[i] = length += files[i].LengthBytes;
        Version = new BlobVersion(tag, length, modified, files.Length);
    }

    public BlobVersion Version { get; }

    public ImmutableArray<BlockFile> Files { get; }

    /// <summary>Roughly what this weighs in memory.</summary>
    public long Bytes => 200L * (Files.Length + 1);

    /// <summary>The file that holds the byte at <paramref name="offset"/> of the blob, and where in it that byte is.</summary>
    public (BlockFile File, long Offset) At(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Version.LengthBytes);
        var found = Array.BinarySearch(_ends, offset + 1);
        // Of blocks without bytes none holds the byte: the first whose end is past it does.
        while (found > 0 && _ends[found - 1] == offset + 1)
            found--;
        var index = found >= 0 ? found : ~found;
        return (Files[index], offset - (_ends[index] - Files[index].LengthBytes));
    }

    /// <summary>The version in the first line, then a line for each file.</summary>
    public byte[] Write()
    {
        var text = new StringBuilder(JsonSerializer.Serialize(Version, JsonSerializerOptions.Web)).Append('\n');
        foreach (var (file, lengthBytes) in Files)
            text.Append(CultureInfo.InvariantCulture, $"{lengthBytes} {file}\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Null where the file is not whole.</summary>
    public static CommittedBlocks? TryRead(byte[] content)
    {
        var lines = Encoding.ASCII.GetString(content).Split('\n');
        if (BlobVersion.TryRead(Encoding.ASCII.GetBytes(lines[0])) is not { } version || lines.Length != version.Blocks + 2)
            return null;
        var files = ImmutableArray.CreateBuilder<BlockFile>(version.Blocks);
        foreach (var line in lines.AsSpan(1, version.Blocks))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (
                space < 0
                || !long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var lengthBytes)
                || !BlobFolder.IsBlockFile(line[(space + 1)..])
            )
                return null;
            files.Add(new BlockFile(line[(space + 1)..], lengthBytes));
        }

        var read = new CommittedBlocks(version.Tag, version.Modified, files.MoveToImmutable());
        return read.Version == version ? read : null;
    }
}
