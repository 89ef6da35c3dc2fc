using TgVault.Core.Staging.Folder;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Staging.Folder;

/// <summary>
/// A process that is killed between any two steps leaves the old blob or the new one. Each operation is run once; then every state between
/// its first and last file is laid on the disk, as the order of its steps makes them, and a vault begins there.
/// </summary>
public sealed class CrashTests : IDisposable
{
    const int Length = 100;
    const string List = "blocks";

    readonly FolderBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string, string> Changes { get; } =
        new()
        {
            { "nothing", "blob" },
            { "nothing", "list" },
            { "blob", "blob" },
            { "blob", "list" },
            { "list", "blob" },
            { "list", "list" },
            { "list", "reordered" },
            { "blob", "nothing" },
            { "list", "nothing" },
        };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Changes))]
    public async Task Every_state_between_is_the_blob_before_or_after(string from, string to)
    {
        await _bench.StartAsync();
        await ReachAsync(from, 1);
        // Waiting blocks that the change discards.
        await _bench.PutBlockAsync("upload", 7, Bytes(70), Length);
        var before = Snapshot();
        var contentBefore = await ReadAsync();
        await ReachAsync(to, 2);
        var after = Snapshot();
        var contentAfter = await ReadAsync();
        Assert.NotEqual(contentBefore, contentAfter);

        var states = States(before, after).ToList();
        Assert.True(states.Count >= 3, $"only {states.Count} states");
        foreach (var (files, isAfter) in states)
        {
            Lay(files);
            await _bench.StartAsync();

            Assert.Equal(isAfter ? contentAfter : contentBefore, await ReadAsync());
            // What is nothing any more was swept; blocks that had arrived still wait.
            Assert.Equal(Names(isAfter ? after : Waiting(before, files)), Names(Snapshot()));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_block_that_was_discarded_does_not_come_back_though_its_file_did()
    {
        await _bench.StartAsync();
        await _bench.PutBlockAsync("upload", 0, Bytes(Length), Length);
        await _bench.PutBlockAsync("upload", 7, Bytes(70), Length);
        var before = Snapshot();
        await _bench.PutListAsync("upload", Length, [0]);
        var after = Snapshot();

        Lay(before.Concat(after.Where(file => Path.GetFileName(file.Key) == List)).ToDictionary());
        await _bench.StartAsync();

        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() => _bench.PutListAsync("upload", Length, [0, 7]));
        Assert.Equal(UploadRefusal.InvalidBlockList, refused.Refusal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(-1)]
    public async Task A_list_that_the_disk_damaged_is_no_blob_and_nothing_is_removed(int keptBytes)
    {
        await _bench.StartAsync();
        await ReachAsync("list", 1);
        var list = _bench.Files().Single(file => Path.GetFileName(file) == List);
        using (var damaged = File.OpenWrite(list))
            damaged.SetLength(keptBytes < 0 ? damaged.Length + keptBytes : keptBytes);
        var before = Names(Snapshot());

        var staging = await _bench.StartAsync();

        Assert.Equal(before, Names(Snapshot()));
        if (await staging.FindAsync(StagingArea.Uploads, "upload", CancellationToken.None) is { } blob)
            await Assert.ThrowsAnyAsync<VaultException>(() => staging.ReadAsync(blob, 0, new byte[Length], CancellationToken.None));
    }

    async Task ReachAsync(string state, int seed)
    {
        switch (state)
        {
            case "blob":
                await _bench.PutAsync("upload", Content(seed));
                break;
            case "list":
                await _bench.PutBlockAsync("upload", 0, Content(seed)[..40], Length);
                await _bench.PutBlockAsync("upload", 1, Content(seed)[40..], Length);
                await _bench.PutListAsync("upload", Length, [0, 1]);
                break;
            case "reordered":
                await _bench.PutListAsync("upload", Length, [1, 0]);
                break;
            case "nothing":
                if (await FindAsync() is { } blob)
                    await (await _bench.StartAsync()).DeleteAsync(blob, CancellationToken.None);
                break;
        }
    }

    /// <summary>
    /// In the order of the steps: a part of a file, the files with bytes, the list, the files that go. A removal is one step.
    /// </summary>
    static IEnumerable<(Dictionary<string, byte[]> Files, bool IsAfter)> States(
        Dictionary<string, byte[]> before,
        Dictionary<string, byte[]> after
    )
    {
        var now = new Dictionary<string, byte[]>(before);
        yield return (new(now), false);
        if (after.Count == 0)
        {
            // The folder has its other name, and goes file by file.
            var gone = before.Select(file => (Path.Combine("uploads", ".gone-1", Path.GetFileName(file.Key)), file.Value)).ToList();
            for (var left = gone.Count; left >= 0; left--)
                yield return (gone.Take(left).ToDictionary(), true);
            yield break;
        }

        foreach (var (name, content) in after.Where(file => !before.ContainsKey(file.Key) && Path.GetFileName(file.Key) != List))
        {
            yield return (With(now, Path.Combine(Path.GetDirectoryName(name)!, ".new-1"), content[..(content.Length / 2)]), false);
            now[name] = content;
            yield return (new(now), false);
        }

        var list = after.Single(file => Path.GetFileName(file.Key) == List);
        yield return (With(now, Path.Combine(Path.GetDirectoryName(list.Key)!, ".new-1"), list.Value[..^1]), false);
        now[list.Key] = list.Value;
        yield return (new(now), true);
        foreach (var name in before.Keys.Where(name => !after.ContainsKey(name)))
        {
            now.Remove(name);
            yield return (new(now), true);
        }
    }

    /// <summary>What must be left of a state before the change: all that was there, and blocks that arrived since.</summary>
    static Dictionary<string, byte[]> Waiting(Dictionary<string, byte[]> before, Dictionary<string, byte[]> files) =>
        files
            .Where(file => before.ContainsKey(file.Key) || Path.GetFileName(file.Key).StartsWith("b-", StringComparison.Ordinal))
            .ToDictionary();

    static Dictionary<string, byte[]> With(Dictionary<string, byte[]> files, string name, byte[] content) =>
        new(files) { [name] = content };

    static string[] Names(Dictionary<string, byte[]> files) => [.. files.Keys.Order(StringComparer.Ordinal)];

    Dictionary<string, byte[]> Snapshot() =>
        _bench.Files().ToDictionary(file => Path.GetRelativePath(_bench.Folder, file), File.ReadAllBytes);

    void Lay(Dictionary<string, byte[]> files)
    {
        foreach (var folder in Directory.GetDirectories(_bench.Folder))
            Directory.Delete(folder, recursive: true);
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(_bench.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    async Task<StagedBlob?> FindAsync() =>
        await (await _bench.StartAsync()).FindAsync(StagingArea.Uploads, "upload", CancellationToken.None);

    async Task<byte[]?> ReadAsync()
    {
        var staging = await _bench.StartAsync();
        if (await staging.FindAsync(StagingArea.Uploads, "upload", CancellationToken.None) is not { } blob)
            return null;
        var content = new byte[blob.LengthBytes];
        await staging.ReadAsync(blob, 0, content, CancellationToken.None);
        return content;
    }

    static byte[] Content(int seed)
    {
        var content = new byte[Length];
        new Random(seed).NextBytes(content);
        return content;
    }

    static byte[] Bytes(int length) => Content(length)[..length];
}
