using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Staging.Folder;
using TgVault.Core.TakeOver;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.TakeOver;

/// <summary>An emulator's folder becomes a vault's of this version, whole, whenever the process is killed.</summary>
public sealed class StorageTakeOverTests : IClassFixture<EmulatorOnDisk>, IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-takeover-").FullName;
    readonly List<string> _told = [];
    readonly EmulatorOnDisk _emulator;

    public StorageTakeOverTests(EmulatorOnDisk emulator)
    {
        _emulator = emulator;
        Copy(emulator.Folder, Storage);
    }

    string Storage => Path.Combine(_folder, "storage");

    string Building => Storage + ".new";

    string Ready => Storage + ".ready";

    string Old => Storage + ".old";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Rows_and_uploads_are_there_and_the_old_folder_is_kept_until_it_is_forgotten()
    {
        Assert.True(StorageTakeOver.IsNeeded(Storage));

        Assert.False(await NewTakeOver().RunAsync(CancellationToken.None));

        await AssertTakenOverAsync();
        Assert.True(StorageTakeOver.IsNeeded(Old));
        Assert.False(Directory.Exists(Ready) || Directory.Exists(Building));
        Assert.Contains($"{_emulator.Rows.Count} rows", _told[0], StringComparison.Ordinal);
        Assert.Contains(Old, _told[^1], StringComparison.Ordinal);

        Assert.True(await NewTakeOver().RunAsync(CancellationToken.None));
        NewTakeOver().Forget();

        await AssertTakenOverAsync();
        Assert.False(Directory.Exists(Old));
        Assert.False(await NewTakeOver().RunAsync(CancellationToken.None));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_killed_one_had_built_is_built_again()
    {
        await NewTakeOver().RunAsync(CancellationToken.None);
        // As a kill in the middle leaves it: the old folder as it was, beside it something that is not whole.
        Directory.Move(Storage, Building);
        Directory.Move(Old, Storage);
        foreach (var file in Directory.GetFiles(Building))
            File.Delete(file);

        Assert.False(await NewTakeOver().RunAsync(CancellationToken.None));

        await AssertTakenOverAsync();
        Assert.False(Directory.Exists(Building));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_whole_gets_its_name_after_a_kill_between_the_last_steps(bool isOldAside)
    {
        await NewTakeOver().RunAsync(CancellationToken.None);
        Directory.Move(Storage, Ready);
        if (!isOldAside)
            Directory.Move(Old, Storage);
        _told.Clear();

        Assert.False(await NewTakeOver().RunAsync(CancellationToken.None));

        await AssertTakenOverAsync();
        Assert.True(StorageTakeOver.IsNeeded(Old));
        // Nothing was copied again.
        Assert.Single(_told);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_folder_of_this_version_and_none_at_all_are_left_alone()
    {
        Directory.Delete(Storage, recursive: true);
        Assert.False(await NewTakeOver().RunAsync(CancellationToken.None));
        Assert.False(Directory.Exists(Storage));

        using (SqliteRowStore.Open(Storage, TimeProvider.System)) { }

        Assert.False(StorageTakeOver.IsNeeded(Storage));
        Assert.False(await NewTakeOver().RunAsync(CancellationToken.None));
        Assert.Empty(_told);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(EmulatorTables.FileName)]
    [InlineData(EmulatorBlobs.FileName)]
    public async Task What_cannot_be_read_is_refused_and_everything_stays(string file)
    {
        var path = Path.Combine(Storage, file);
        await using (var damaged = File.OpenWrite(path))
            damaged.SetLength(damaged.Length / 2);
        var before = Listing();

        await Assert.ThrowsAsync<TakeOverException>(() => NewTakeOver().RunAsync(CancellationToken.None));

        Assert.Equal(before, Listing());
    }

    [Fact(Timeout = 120_000)]
    public async Task Rows_of_videos_that_are_not_stored_yet_name_the_copies()
    {
        var uploads = await new EmulatorBlobs(Storage, "").ListAsync(CancellationToken.None);
        var upload = uploads.Blobs.First(blob => blob.Blob is { Area: StagingArea.Uploads, Name: "blocks" }).Blob;
        var prepared = uploads.Blobs.First(blob => blob.Blob.Area == StagingArea.Prepared).Blob;
        var gone = upload with { ETag = "\"0x1\"" };
        var moved = new MovedBlobs();
        var (newUpload, newPrepared) = (upload with { ETag = "\"a\"" }, prepared with { ETag = "\"b\"" });
        moved.Add(upload, newUpload);
        moved.Add(prepared, newPrepared);
        var video = NewVideo(upload, [Extent.Whole(prepared), new Extent(upload, 5, 6)], gone);

        var read = VideoRow.Read(moved.Rename(VaultTables.Videos, VideoRow.Write(video)));

        Assert.Equal(newUpload, read.Upload.Source);
        Assert.Equal([Extent.Whole(newPrepared), new Extent(newUpload, 5, 6)], read.Files.Prepared!.Extents.ToArray());
        Assert.Equal([Extent.Whole(gone)], read.Files.Companions[0].Extents.ToArray());
        // A row that names nothing that moved stays as it is, to the letter.
        var stored = VideoRow.Write(NewVideo(gone, [Extent.Whole(gone)], gone));
        Assert.Same(stored, moved.Rename(VaultTables.Videos, stored));
    }

    StorageTakeOver NewTakeOver() => new(Storage, "", _told.Add, TimeProvider.System);

    async Task AssertTakenOverAsync()
    {
        Assert.False(StorageTakeOver.IsNeeded(Storage));
        using (var store = SqliteRowStore.Open(Storage, TimeProvider.System))
        {
            foreach (var (place, written) in _emulator.Rows)
            {
                var row = await store
                    .Table(place.Split('/')[0])
                    .FindAsync(written.PartitionKey, written.RowKey, null, CancellationToken.None);
                Assert.Equal(
                    written.Where(value => value.Key is not ("PartitionKey" or "RowKey")).OrderBy(value => value.Key),
                    row!.Values.Select(value => KeyValuePair.Create(value.Key, value.Value)).OrderBy(value => value.Key)
                );
            }
        }

        using var staging = new FolderStaging(
            new StagingFolder(Storage),
            new UploadLedgers(),
            null!,
            TimeProvider.System,
            NullLogger<FolderStaging>.Instance
        );
        var found = await staging
            .ListUploadsAsync(CancellationToken.None)
            .Concat(staging.ListPreparedAsync("", CancellationToken.None))
            .ToListAsync();
        Assert.Equal(_emulator.Blobs.Keys.Order(), found.Select(blob => $"{blob.Area}/{blob.Name}").Order());
        foreach (var blob in found)
        {
            var content = new byte[blob.LengthBytes];
            await staging.ReadAsync(blob, 0, content, CancellationToken.None);
            Assert.Equal(_emulator.Blobs[$"{blob.Area}/{blob.Name}"].Content, content);
        }

        var waiting = new StagingFolder(Storage).Of(StagingArea.Uploads, "unfinished").BlockFiles();
        Assert.Equal([BlobFolder.BlockName(BlobVersion.NoTag, Convert.ToHexStringLower("aaaa"u8))], waiting.Select(file => file.Name));
    }

    static Video NewVideo(StagedBlob source, ImmutableArray<Extent> prepared, StagedBlob companion) =>
        new()
        {
            Id = VideoId.New(DateTimeOffset.UnixEpoch),
            Details = new VideoDetails { Name = "film.mkv" },
            Upload = new VideoUpload { Source = source },
            Life = VideoLife.Announced,
            Files = new VideoFiles
            {
                Prepared = new PreparedFile
                {
                    Extents = prepared,
                    LengthBytes = prepared.Sum(extent => extent.LengthBytes),
                    ContentType = "video/mp4",
                },
                Companions =
                [
                    new Companion
                    {
                        Kind = CompanionKind.Index,
                        Number = 1,
                        ContentType = "x/y",
                        Extents = [Extent.Whole(companion)],
                    },
                ],
            },
        };

    List<string> Listing() => [.. Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order()];

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        // Not the socket that the emulator listened on.
        foreach (var file in Directory.GetFiles(from).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
