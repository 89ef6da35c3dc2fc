using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Staging;

/// <summary>What every staging owes its callers; each implementation runs all of it.</summary>
public abstract class StagingContract
{
    protected static CancellationToken None => CancellationToken.None;

    protected abstract Task<IStaging> NewStaging();

    /// <summary>Leaves a finished upload of that name.</summary>
    protected abstract Task Upload(IStaging staging, string name, byte[] content);

    [Theory(Timeout = 60_000)]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 1000)]
    [InlineData(999, 1)]
    [InlineData(1000, 0)]
    [InlineData(17, 500)]
    public async Task Reading_fills_exactly_the_destination(int offset, int count)
    {
        var staging = await NewStaging();
        var content = Bytes(1000);
        await Upload(staging, "blob", content);
        var blob = (await staging.FindAsync(StagingArea.Uploads, "blob", None))!;
        var destination = new byte[count];

        await staging.ReadAsync(blob, offset, destination, None);

        Assert.Equal(content.AsSpan(offset, count).ToArray(), destination);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(-1, 1)]
    [InlineData(1000, 1)]
    [InlineData(0, 1001)]
    [InlineData(1001, 0)]
    public async Task Reading_past_an_end_is_refused(int offset, int count)
    {
        var staging = await NewStaging();
        await Upload(staging, "blob", Bytes(1000));
        var blob = (await staging.FindAsync(StagingArea.Uploads, "blob", None))!;

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => staging.ReadAsync(blob, offset, new byte[count], None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_blob_that_was_replaced_or_removed_is_not_read_as_the_one_before()
    {
        var staging = await NewStaging();
        await Upload(staging, "blob", Bytes(1000));
        var before = (await staging.FindAsync(StagingArea.Uploads, "blob", None))!;
        await Upload(staging, "blob", Bytes(1000));
        var after = (await staging.FindAsync(StagingArea.Uploads, "blob", None))!;

        await Assert.ThrowsAsync<StagedBlobChangedException>(() => staging.ReadAsync(before, 0, new byte[10], None));
        await staging.DeleteAsync(after, None);
        await Assert.ThrowsAsync<StagedBlobChangedException>(() => staging.ReadAsync(after, 0, new byte[10], None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Deleting_removes_that_version_only_and_may_be_repeated()
    {
        var staging = await NewStaging();
        await Upload(staging, "blob", Bytes(10));
        var before = (await staging.FindAsync(StagingArea.Uploads, "blob", None))!;
        await Upload(staging, "blob", Bytes(10));

        await staging.DeleteAsync(before, None);
        var after = await staging.FindAsync(StagingArea.Uploads, "blob", None);
        Assert.NotNull(after);
        await staging.DeleteAsync(after, None);
        await staging.DeleteAsync(after, None);

        Assert.Null(await staging.FindAsync(StagingArea.Uploads, "blob", None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Discarding_removes_an_upload_in_whichever_version_and_may_be_repeated()
    {
        var staging = await NewStaging();
        var id = VideoId.New(DateTimeOffset.UtcNow);
        await Upload(staging, id.ToString(), Bytes(10));
        await Upload(staging, id.ToString(), Bytes(11));
        await Upload(staging, "other", Bytes(12));
        var prepared = await staging.SavePreparedAsync(id.ToString(), new MemoryStream(Bytes(5)), None);

        await staging.DiscardUploadAsync(id, None);
        await staging.DiscardUploadAsync(id, None);

        Assert.Null(await staging.FindAsync(StagingArea.Uploads, id.ToString(), None));
        Assert.NotNull(await staging.FindAsync(StagingArea.Uploads, "other", None));
        Assert.Equal(prepared, await staging.FindAsync(StagingArea.Prepared, id.ToString(), None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Listing_gives_all_uploads_as_finding_each_does_and_nothing_prepared()
    {
        var staging = await NewStaging();
        string[] names = ["a", "b/c", "sp ace % é 🎬"];
        foreach (var name in names)
            await Upload(staging, name, Bytes(name.Length));
        await staging.SavePreparedAsync("prepared", new MemoryStream(Bytes(5)), None);

        var listed = new List<StagedBlob>();
        await foreach (var blob in staging.ListUploadsAsync(None))
            listed.Add(blob);

        Assert.Equal(names, listed.Select(blob => blob.Name));
        foreach (var blob in listed)
            Assert.Equal(blob, await staging.FindAsync(StagingArea.Uploads, blob.Name, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Listing_what_is_prepared_gives_those_whose_names_begin_so_and_no_upload()
    {
        var staging = await NewStaging();
        foreach (var name in new[] { "b/2", "a/1", "b/1", "bc" })
            await staging.SavePreparedAsync(name, new MemoryStream(Bytes(5)), None);
        await Upload(staging, "b/0", Bytes(5));

        var listed = new List<StagedBlob>();
        await foreach (var blob in staging.ListPreparedAsync("b/", None))
            listed.Add(blob);

        Assert.Equal(["b/1", "b/2"], listed.Select(blob => blob.Name));
        foreach (var blob in listed)
            Assert.Equal(blob, await staging.FindAsync(StagingArea.Prepared, blob.Name, None));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((8 << 20) + 1)]
    public async Task A_prepared_blob_holds_the_stream_that_was_saved_last(int length)
    {
        var staging = await NewStaging();
        var content = Bytes(length);
        var first = await staging.SavePreparedAsync("name", new MemoryStream(Bytes(3)), None);

        var saved = await staging.SavePreparedAsync("name", new MemoryStream(content), None);

        Assert.NotEqual(first.ETag, saved.ETag);
        Assert.Equal((StagingArea.Prepared, "name", (long)length), (saved.Area, saved.Name, saved.LengthBytes));
        Assert.Equal(saved, await staging.FindAsync(StagingArea.Prepared, "name", None));
        var read = new byte[length];
        await staging.ReadAsync(saved, 0, read, None);
        Assert.True(content.AsSpan().SequenceEqual(read));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData((8 << 20) + 1)]
    public async Task An_upload_that_the_vault_saves_is_one_like_any_other(int length)
    {
        var staging = await NewStaging();
        var id = VideoId.New(DateTimeOffset.UtcNow);
        var content = Bytes(length);

        await staging.SaveUploadAsync(id, new MemoryStream(content), None);

        var found = (await staging.FindAsync(StagingArea.Uploads, id.ToString(), None))!;
        Assert.Equal([found], await staging.ListUploadsAsync(None).ToListAsync());
        Assert.Null(await staging.FindFaultAsync(found, None));
        var read = new byte[length];
        await staging.ReadAsync(found, 0, read, None);
        Assert.True(content.AsSpan().SequenceEqual(read));
    }

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
