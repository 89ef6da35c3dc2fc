using TgVault.Core.Rows;
using TgVault.Core.TakeOver;

namespace TgVault.Core.Tests.TakeOver;

/// <summary>What is read from an emulator's folder is what was written to the emulator by the real SDKs.</summary>
public sealed class EmulatorFolderTests(EmulatorOnDisk emulator) : IClassFixture<EmulatorOnDisk>
{
    [Fact(Timeout = 120_000)]
    public async Task Every_row_of_the_wanted_tables_is_read_with_its_values()
    {
        var read = new Dictionary<string, Row>();
        await foreach (var (table, row) in new EmulatorTables(emulator.Folder, "").ReadAsync(["videos", "chunks"], CancellationToken.None))
            read.Add($"{table}/{row.Partition}/{row.Key}", row);

        Assert.Equal(emulator.Rows.Keys.Order(), read.Keys.Order());
        foreach (var (place, written) in emulator.Rows)
        {
            var values = written.Where(value => value.Key is not ("PartitionKey" or "RowKey")).OrderBy(value => value.Key).ToList();
            Assert.Equal(
                values,
                read[place].Values.Select(value => KeyValuePair.Create(value.Key, value.Value)).OrderBy(value => value.Key)
            );
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_prefix_chooses_its_own_tables_and_containers()
    {
        var rows = new List<string>();
        await foreach (var (_, row) in new EmulatorTables(emulator.Folder, "other").ReadAsync(["videos"], CancellationToken.None))
            rows.Add(row.Key);

        Assert.Equal(["elsewhere"], rows);
        Assert.Equal(
            "elsewhere",
            Assert.Single((await new EmulatorBlobs(emulator.Folder, "other").ListAsync(CancellationToken.None)).Blobs).Blob.Name
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task Finished_blobs_are_read_with_their_versions_and_bytes_and_blocks_that_wait()
    {
        var staged = await new EmulatorBlobs(emulator.Folder, "").ListAsync(CancellationToken.None);
        var read = staged.Blobs;

        Assert.Equal(emulator.Blobs.Keys.Order(), read.Select(blob => $"{blob.Blob.Area}/{blob.Blob.Name}").Order());
        foreach (var blob in read)
        {
            var (content, tag, modified) = emulator.Blobs[$"{blob.Blob.Area}/{blob.Blob.Name}"];
            Assert.Equal((tag, content.Length, modified), (blob.Blob.ETag, blob.Blob.LengthBytes, Whole(blob.Blob.Modified)));
            await using var stream = blob.Open();
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            Assert.Equal(content, copy.ToArray());
        }

        // Of the block that was sent for a finished one nothing is left to do.
        var block = Assert.Single(staged.Blocks);
        Assert.Equal(("unfinished", Convert.ToHexStringLower("aaaa"u8), 10), (block.Name, block.IdHex, block.Extent.LengthBytes));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_blob_whose_bytes_are_gone_is_refused_when_it_is_read()
    {
        var blob = (await new EmulatorBlobs(emulator.Folder, "").ListAsync(CancellationToken.None)).Blobs.First(blob =>
            blob.Extents.Length > 1
        );
        var beyond = blob.Extents[^1] with { Offset = new FileInfo(blob.Extents[^1].File).Length - 1 };
        var missing = blob.Extents[^1] with { File = blob.Extents[^1].File + "-gone" };

        foreach (var extent in new[] { beyond, missing })
        {
            await using var stream = (blob with { Extents = [.. blob.Extents[..^1], extent] }).Open();
            await Assert.ThrowsAsync<TakeOverException>(() => stream.CopyToAsync(Stream.Null));
        }
    }

    // Headers tell times in whole seconds.
    static DateTimeOffset Whole(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
