using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Staging.Folder;

public sealed class FolderStagingTests : StagingContract, IDisposable
{
    readonly FolderBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override async Task<IStaging> NewStaging() => await _bench.StartAsync();

    protected override Task Upload(IStaging staging, string name, byte[] content) => _bench.PutAsync(name, content);

    [Fact(Timeout = 60_000)]
    public async Task Names_never_lead_out_of_the_folder_and_come_back_as_they_were()
    {
        var staging = await NewStaging();
        string[] names = [".", "..", "../../etc/x", "/", "A", "a", "a%2e", "b\\c", "con", "c:d", "line\nbreak", "é", "🎬"];
        foreach (var name in names)
            await staging.SavePreparedAsync(name, new MemoryStream(Bytes(name.Length)), None);

        var listed = new List<string>();
        await foreach (var blob in staging.ListPreparedAsync("", None))
            listed.Add(blob.Name);

        Assert.Equal(names.Order(StringComparer.Ordinal), listed);
        Assert.Equal(names.Length, Directory.GetDirectories(Path.Combine(_bench.Folder, "prepared")).Length);
        Assert.Equal(["prepared", "uploads"], Directory.GetFileSystemEntries(_bench.Folder).Select(Path.GetFileName).Order());
        // Of two names none is the other's on a file system that ignores case.
        var folders = Directory.GetDirectories(Path.Combine(_bench.Folder, "prepared"));
        Assert.Equal(folders.Length, folders.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_name_is_refused()
    {
        var staging = await NewStaging();

        foreach (var name in new[] { "", "half a pair: \ud800", new string('x', 201) })
            await Assert.ThrowsAnyAsync<ArgumentException>(() => staging.FindAsync(StagingArea.Uploads, name, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reading_goes_across_blocks()
    {
        var staging = await NewStaging();
        var content = Bytes(1000);
        int[] cuts = [0, 1, 17, 500, 999, 1000];
        for (var i = 0; i + 1 < cuts.Length; i++)
            await _bench.PutBlockAsync("blob", i, content[cuts[i]..cuts[i + 1]], content.Length);
        await _bench.PutListAsync("blob", content.Length, [.. Enumerable.Range(0, cuts.Length - 1)]);
        var blob = (await staging.FindAsync(StagingArea.Uploads, "blob", None))!;

        foreach (var from in cuts.Where(cut => cut < 1000))
        foreach (var to in cuts.Where(cut => cut > from))
        {
            var read = new byte[to - from];
            await staging.ReadAsync(blob, from, read, None);
            Assert.Equal(content[from..to], read);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_save_whose_stream_breaks_leaves_the_former_blob_and_nothing_else()
    {
        var staging = await NewStaging();
        var former = await staging.SavePreparedAsync("name", new MemoryStream(Bytes(9)), None);
        var before = _bench.Files();

        await Assert.ThrowsAsync<IOException>(() => staging.SavePreparedAsync("name", new BreakingStream(3 << 20), None));

        Assert.Equal(former, await staging.FindAsync(StagingArea.Prepared, "name", None));
        Assert.Equal(before, _bench.Files());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_the_disk_cut_short_is_damage_and_not_read_as_whole()
    {
        var staging = await NewStaging();
        var saved = await staging.SavePreparedAsync("name", new MemoryStream(Bytes(1000)), None);
        var file = _bench.Files().Single(path => Path.GetFileName(path).StartsWith("w-", StringComparison.Ordinal));
        using (var cut = File.OpenWrite(file))
            cut.SetLength(500);

        await Assert.ThrowsAsync<IntegrityException>(() => staging.ReadAsync(saved, 0, new byte[1000], None));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_made_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
            return;
        var staging = await NewStaging();
        await staging.SavePreparedAsync("name", new MemoryStream(Bytes(5)), None);
        await _bench.PutAsync("upload", Bytes(5));

        foreach (var file in _bench.Files())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (var folder in Directory.GetDirectories(_bench.Folder, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    sealed class BreakingStream(int after) : MemoryStream
    {
        int _given;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given >= after)
                throw new IOException("The pipe broke.");
            _given += buffer.Length;
            buffer.Span.Clear();
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
