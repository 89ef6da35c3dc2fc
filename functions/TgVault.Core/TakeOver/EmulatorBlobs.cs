using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TgVault.Core.Videos;

namespace TgVault.Core.TakeOver;

/// <summary>A range of one of the emulator's files, which hold the bytes of all blobs one behind the other.</summary>
sealed record EmulatorExtent(string File, long Offset, long LengthBytes);

/// <summary>A blob that the emulator has: one version, finished.</summary>
/// <param name="Blob">As the rows name it.</param>
/// <param name="Extents">Where its bytes are, in their order.</param>
sealed record EmulatorBlob(StagedBlob Blob, ImmutableArray<EmulatorExtent> Extents)
{
    /// <summary>Its bytes from the first to the last.</summary>
    public Stream Open() => new EmulatorStream(Extents);
}

/// <summary>A block that was sent for an upload, and that no list names yet.</summary>
/// <param name="Name">The upload's.</param>
/// <param name="IdHex">The block's id in hex.</param>
sealed record EmulatorBlock(string Name, string IdHex, EmulatorExtent Extent);

/// <summary>All that the emulator has in staging.</summary>
sealed record StagedInEmulator(IReadOnlyList<EmulatorBlob> Blobs, IReadOnlyList<EmulatorBlock> Blocks)
{
    public long LengthBytes => Blobs.Sum(blob => blob.Blob.LengthBytes) + Blocks.Sum(block => block.Extent.LengthBytes);
}

/// <summary>The staged blobs that the emulator of the version before has on disk.</summary>
/// <param name="folder">The emulator's folder.</param>
/// <param name="prefix">What goes before the names of the vault's containers.</param>
sealed class EmulatorBlobs(string folder, string prefix)
{
    public const string FileName = "__azurite_db_blob__.json";

    const string Blobs = "$BLOBS_COLLECTION$";
    const string Blocks = "$BLOCKS_COLLECTION$";
    const string ExtentFolder = "__blobstorage__";

    // What the emulator writes for a range of zeros; only page blobs have any.
    const string ZeroExtent = "*ZERO*";

    readonly string _path = Path.Combine(folder, FileName);

    /// <summary>The finished blobs, and the blocks of uploads that nothing was committed of yet.</summary>
    /// <exception cref="TakeOverException">The file is damaged.</exception>
    public async Task<StagedInEmulator> ListAsync(CancellationToken cancellationToken)
    {
        var blobs = new List<EmulatorBlob>();
        var blocks = new List<EmulatorBlock>();
        await foreach (var document in LokiFile.ReadAsync(_path, cancellationToken))
        {
            using (document)
            {
                if (document.Collection == Blobs && Read(document.Root) is { } blob)
                    blobs.Add(blob);
                else if (document.Collection == Blocks && ReadBlock(document.Root) is { } block)
                    blocks.Add(block);
            }
        }

        // A block that was sent after its upload was finished changes nothing any more: the vault takes up what is finished.
        var finished = blobs.Where(blob => blob.Blob.Area == StagingArea.Uploads).Select(blob => blob.Blob.Name).ToHashSet();
        return new StagedInEmulator(blobs, [.. blocks.Where(block => !finished.Contains(block.Name))]);
    }

    EmulatorBlob? Read(JsonElement document) =>
        Checked(() =>
        {
            if (
                document.GetProperty("accountName").GetString() != EmulatorFolder.Account
                || Area(document.GetProperty("containerName").GetString()!) is not { } area
                || !document.GetProperty("isCommitted").GetBoolean()
                || document.GetProperty("snapshot").GetString() is { Length: > 0 }
            )
                return null;
            var properties = document.GetProperty("properties");
            var blob = new StagedBlob(
                area,
                document.GetProperty("name").GetString()!,
                properties.GetProperty("etag").GetString()!,
                properties.GetProperty("contentLength").GetInt64(),
                DateTimeOffset.Parse(properties.GetProperty("lastModified").GetString()!, CultureInfo.InvariantCulture)
            );
            var extents = Extents(document).ToImmutableArray();
            return extents.Sum(extent => extent.LengthBytes) == blob.LengthBytes
                ? new EmulatorBlob(blob, extents)
                : throw new FormatException($"{blob.Name} is not as long as its blocks.");
        });

    EmulatorBlock? ReadBlock(JsonElement document) =>
        Checked(() =>
            document.GetProperty("accountName").GetString() == EmulatorFolder.Account
            && Area(document.GetProperty("containerName").GetString()!) == StagingArea.Uploads
                ? new EmulatorBlock(
                    document.GetProperty("blobName").GetString()!,
                    Convert.ToHexStringLower(document.GetProperty("name").GetBytesFromBase64()),
                    Extent(document.GetProperty("persistency"))
                )
                : null
        );

    T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw TakeOverException.Unreadable(_path, "a blob in it is none that a vault's client wrote", exception);
        }
    }

    StagingArea? Area(string container) =>
        container == prefix + "staging" ? StagingArea.Uploads
        : container == prefix + "prepared" ? StagingArea.Prepared
        : null;

    // One put at once has its bytes in one place; one made of blocks has a list.
    IEnumerable<EmulatorExtent> Extents(JsonElement document) =>
        document.TryGetProperty("committedBlocksInOrder", out var blocks) && blocks.ValueKind == JsonValueKind.Array
            ? blocks.EnumerateArray().Select(block => Extent(block.GetProperty("persistency")))
        : document.TryGetProperty("persistency", out var whole) && whole.ValueKind == JsonValueKind.Object ? [Extent(whole)]
        : [];

    EmulatorExtent Extent(JsonElement persistency)
    {
        var id = persistency.GetProperty("id").GetString()!;
        // A name, never a path: what is read must lie in this folder.
        if (id == ZeroExtent || id.Length == 0 || id.AsSpan().ContainsAny('/', '\\') || id is "." or "..")
            throw new FormatException($"{id} is no extent of a block blob.");
        return new EmulatorExtent(
            Path.Combine(folder, ExtentFolder, id),
            persistency.GetProperty("offset").GetInt64(),
            persistency.GetProperty("count").GetInt64()
        );
    }
}
