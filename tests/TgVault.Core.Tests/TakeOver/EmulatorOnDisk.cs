using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using TgVault.Azurite;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.TakeOver;

/// <summary>The folder of an emulator that was written to by the real SDKs and then stopped, and what was written.</summary>
public sealed class EmulatorOnDisk : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tgvault-emulator-").FullName;

    /// <summary>By table, partition and key.</summary>
    public Dictionary<string, TableEntity> Rows { get; } = [];

    /// <summary>By area and name.</summary>
    public Dictionary<string, (byte[] Content, string ETag, DateTimeOffset Modified)> Blobs { get; } = [];

    public async Task InitializeAsync()
    {
        await using var azurite = await AzuriteProcess.StartAsync(Folder, RepositoryFolders.NodeModules(), CancellationToken.None);
        await WriteRowsAsync(azurite.ConnectionString);
        await WriteBlobsAsync(azurite.ConnectionString);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    async Task WriteRowsAsync(string connection)
    {
        var videos = await TableAsync(connection, "videos");
        var chunks = await TableAsync(connection, "chunks");
        await AddAsync(
            videos,
            new TableEntity("p", "all-kinds")
            {
                ["Text"] = "\"quoted\" \\ \u0001 line\nbreak é 日本 \U0001F3AC 'x'",
                ["Empty"] = "",
                ["Date"] = "2026-01-02T03:04:05Z",
                ["Number"] = "12",
                ["Int32"] = int.MinValue,
                ["Int64"] = long.MaxValue,
                ["Small"] = -1L,
                ["True"] = true,
                ["False"] = false,
                ["Time"] = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero).AddTicks(1234567),
                ["Bytes"] = new byte[] { 0, 255, 128, 1 },
                ["None"] = Array.Empty<byte>(),
            }
        );
        var large = new TableEntity("p", "large");
        for (var i = 0; i < 14; i++)
            large[$"Part_{i}"] = new string('é', 32 << 10);
        await AddAsync(videos, large);
        await AddAsync(videos, new TableEntity("p", "replaced") { ["A"] = 1, ["B"] = "gone" });
        Rows["videos/p/replaced"] = new TableEntity("p", "replaced") { ["A"] = 2 };
        await videos.UpsertEntityAsync(Rows["videos/p/replaced"], TableUpdateMode.Replace);
        await AddAsync(videos, new TableEntity("p", "deleted") { ["A"] = 1 });
        await videos.DeleteEntityAsync("p", "deleted");
        Rows.Remove("videos/p/deleted");
        var batch = Enumerable.Range(0, 100).Select(i => new TableEntity("video.1", $"{i:d7}") { ["LengthBytes"] = i }).ToList();
        await chunks.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        foreach (var row in batch)
            Rows.Add($"chunks/video.1/{row.RowKey}", row);
        await (await TableAsync(connection, "othervideos")).AddEntityAsync(new TableEntity("p", "elsewhere"));
    }

    async Task AddAsync(TableClient table, TableEntity row)
    {
        await table.AddEntityAsync(row);
        Rows.Add($"{table.Name}/{row.PartitionKey}/{row.RowKey}", row);
    }

    static async Task<TableClient> TableAsync(string connection, string name)
    {
        var table = new TableClient(connection, name);
        await table.CreateIfNotExistsAsync();
        return table;
    }

    async Task WriteBlobsAsync(string connection)
    {
        var uploads = new BlobContainerClient(connection, "staging");
        var prepared = new BlobContainerClient(connection, "prepared");
        var other = new BlobContainerClient(connection, "otherstaging");
        foreach (var container in new[] { uploads, prepared, other })
            await container.CreateIfNotExistsAsync();
        var random = new Random(9);
        await PutAsync(uploads, "at-once", Bytes(100_000));
        await PutAsync(uploads, "empty", []);
        await PutBlocksAsync(uploads, "blocks", Bytes(3_000_000), 700_000);
        await PutAsync(uploads, "twice", Bytes(10));
        await PutBlocksAsync(uploads, "twice", Bytes(20_000), 9_000);
        await PutBlocksAsync(uploads, "and-back", Bytes(20_000), 9_000);
        await PutAsync(uploads, "and-back", Bytes(11));
        await PutAsync(prepared, "video/1/abc-video.mp4", Bytes(1_000));
        await uploads.UploadBlobAsync("deleted", BinaryData.FromString("x"));
        await uploads.DeleteBlobAsync("deleted");
        await StageAsync(uploads.GetBlockBlobClient("unfinished"), "aaaa", Bytes(10));
        // A finished blob that somebody began to replace.
        await StageAsync(uploads.GetBlockBlobClient("at-once"), "bbbb", Bytes(10));
        await other.UploadBlobAsync("elsewhere", BinaryData.FromString("x"));

        byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    async Task PutAsync(BlobContainerClient container, string name, byte[] content)
    {
        var blob = container.GetBlobClient(name);
        await blob.UploadAsync(new BinaryData(content), overwrite: true);
        await NoteAsync(container, name, content);
    }

    async Task PutBlocksAsync(BlobContainerClient container, string name, byte[] content, int blockBytes)
    {
        var blob = container.GetBlockBlobClient(name);
        var ids = new List<string>();
        // Sent from the last to the first: the list decides, not the time.
        foreach (var (block, i) in content.Chunk(blockBytes).Select((block, i) => (block, i)).Reverse())
            ids.Insert(0, await StageAsync(blob, $"{i:d4}", block));
        await blob.CommitBlockListAsync(ids);
        await NoteAsync(container, name, content);
    }

    static async Task<string> StageAsync(BlockBlobClient blob, string id, byte[] content)
    {
        var block = Convert.ToBase64String(Encoding.ASCII.GetBytes(id));
        await blob.StageBlockAsync(block, new MemoryStream(content));
        return block;
    }

    async Task NoteAsync(BlobContainerClient container, string name, byte[] content)
    {
        var found = (await container.GetBlobClient(name).GetPropertiesAsync()).Value;
        var area = container.Name == "staging" ? StagingArea.Uploads : StagingArea.Prepared;
        Blobs[$"{area}/{name}"] = (content, found.ETag.ToString("H"), found.LastModified);
    }
}
