using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

/// <summary>What every library owes its callers; each implementation runs all of it.</summary>
public abstract partial class LibraryContract
{
    protected static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 123, TimeSpan.Zero);

    protected static CancellationToken None => CancellationToken.None;

    protected abstract Task<ILibrary> NewCatalogue();

    [Fact(Timeout = 60_000)]
    public async Task A_row_comes_back_as_it_was_written_with_every_part_of_it()
    {
        var library = await NewCatalogue();
        var video = FullVideo();

        Assert.True(await library.TryAddAsync(video, None));
        var found = await library.FindAsync(video.Id, None);

        Assert.NotNull(found);
        Assert.NotEqual("", found.RowVersion);
        AssertSame(video, found);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bare_row_comes_back_as_it_was_written()
    {
        var library = await NewCatalogue();
        var video = NewVideo(0);

        await library.TryAddAsync(video, None);

        AssertSame(video, await library.FindAsync(video.Id, None));
        Assert.Null(await library.FindAsync(VideoId.New(Noon), None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Whether_an_attempt_goes_on_is_told_without_its_row()
    {
        var library = await NewCatalogue();
        var waiting = FullVideo() with { Life = VideoLife.Announced };
        await library.TryAddAsync(waiting, None);
        Assert.False(await library.IsIngestingAsync(waiting.Id, 0, None));
        Assert.False(await library.IsIngestingAsync(waiting.Id, 1, None));

        var begun = (await library.ChangeAsync(waiting.Id, video => VideoLife.Begin(video, video.Upload.Source!, Noon), None))!;
        Assert.True(await library.IsIngestingAsync(begun.Id, begun.Life.Attempt, None));
        Assert.False(await library.IsIngestingAsync(begun.Id, begun.Life.Attempt + 1, None));

        await library.ChangeAsync(begun.Id, video => VideoLife.Remove(video, Noon), None);
        Assert.False(await library.IsIngestingAsync(begun.Id, begun.Life.Attempt, None));
        Assert.False(await library.IsIngestingAsync(VideoId.New(Noon), 1, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Adding_an_id_twice_changes_nothing_the_second_time()
    {
        var library = await NewCatalogue();
        var video = NewVideo(0) with { Details = NewVideo(0).Details with { Folder = "first" } };
        await library.TryAddAsync(video, None);

        Assert.False(await library.TryAddAsync(video with { Details = video.Details with { Name = "other", Folder = "second" } }, None));

        Assert.Equal(video.Details.Name, (await library.FindAsync(video.Id, None))!.Details.Name);
        Assert.Empty(await List(library, folder: "second"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_write_succeeds_only_against_the_version_that_was_read()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0), None);
        var read = (await library.FindAsync(NewVideo(0).Id, None))!;

        var written = await library.TryReplaceAsync(read with { Details = read.Details with { Name = "one" } }, None);

        Assert.NotNull(written);
        Assert.NotEqual(read.RowVersion, written.RowVersion);
        Assert.Null(await library.TryReplaceAsync(read with { Details = read.Details with { Name = "two" } }, None));
        Assert.NotNull(await library.TryReplaceAsync(written with { Details = written.Details with { Name = "three" } }, None));
        Assert.Equal("three", (await library.FindAsync(read.Id, None))!.Details.Name);
    }

    [Fact(Timeout = 60_000)]
    public async Task Replacing_a_row_that_is_gone_or_never_was_gives_null_and_no_row()
    {
        var library = await NewCatalogue();
        await library.TryAddAsync(NewVideo(0), None);
        var read = (await library.FindAsync(NewVideo(0).Id, None))!;
        await library.RemoveAsync(read.Id, None);

        Assert.Null(await library.TryReplaceAsync(read, None));
        Assert.Null(await library.TryReplaceAsync(NewVideo(1), None));
        Assert.Empty(await List(library));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_many_writers_that_change_one_row_none_is_lost()
    {
        var library = await NewCatalogue();
        var id = NewVideo(0).Id;
        await library.TryAddAsync(NewVideo(0), None);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => library.ChangeAsync(id, video => video with { Life = video.Life.With(attempt: video.Life.Attempt + 1) }, None))
        );

        Assert.Equal(8, (await library.FindAsync(id, None))!.Life.Attempt);
    }

    [Fact(Timeout = 60_000)]
    public async Task Removing_a_video_removes_all_that_belongs_to_it_and_nothing_else()
    {
        var library = await NewCatalogue();
        var (gone, stays) = (
            NewVideo(0) with
            {
                Details = NewVideo(0).Details with { Folder = "f", Tags = ["t"] },
                Life = NewVideo(0).Life.With(status: VideoStatus.Deleting),
            },
            NewVideo(1) with
            {
                Details = NewVideo(1).Details with { Folder = "f", Tags = ["t"] },
            }
        );
        foreach (var video in new[] { gone, stays })
        {
            await library.TryAddAsync(video, None);
            foreach (var attempt in new[] { 1, 2, 12 })
                await library.AddChunkAsync(video.Id, attempt, NewChunk(0), None);
        }

        await library.RemoveAsync(gone.Id, None);
        await library.RemoveAsync(gone.Id, None);

        Assert.Null(await library.FindAsync(gone.Id, None));
        Assert.Equal(["1"], await List(library));
        Assert.Equal(["1"], await List(library, folder: "f"));
        Assert.Equal(["1"], await List(library, tag: "t"));
        Assert.Empty(await Unfinished(library));
        foreach (var attempt in new[] { 1, 2, 12 })
        {
            Assert.Empty(await Chunks(library, gone.Id, attempt, 0, int.MaxValue));
            Assert.Equal<int[]>([0], await Chunks(library, stays.Id, attempt, 0, int.MaxValue));
        }
    }

    /// <summary>A video announced so many minutes after noon, and named after them; the same id each time.</summary>
    protected static Video NewVideo(int minutes)
    {
        var name = minutes.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new Video
        {
            Id = VideoId.ForBlob(name, "", Noon.AddMinutes(minutes)),
            Details = new VideoDetails { Name = name },
            Upload = new VideoUpload(),
            Life = VideoLife.Announced,
        };
    }

    private protected static ChunkRecord NewChunk(int index) =>
        new(
            new ChunkNumber(index),
            2 << 20,
            Enumerable.Range(0, 32).Select(i => (byte)(i + index)).ToArray(),
            new ChunkReceipt(7_123_456_789, -1_001_234_567_890, index + 1, $"BQAC{index}", $"AgAD{index}", (2 << 20) + 600)
        );

    protected static async Task<string[]> List(
        ILibrary library,
        string? folder = null,
        string? tag = null,
        VideoStatus? status = null,
        string? search = null,
        int limit = 50
    )
    {
        var names = new List<string>();
        string? continuation = null;
        do
        {
            var query = new VideoQuery(folder, tag, limit, continuation) { Status = status, Search = search };
            var page = await library.ListAsync(query, None);
            names.AddRange(page.Videos.Select(video => video.Details.Name));
            continuation = page.Continuation;
        } while (continuation is not null);
        return [.. names];
    }

    protected static void AssertSame(Video expected, Video? actual)
    {
        Assert.NotNull(actual);
        // Records compare arrays by reference; their properties, written out, compare by what they hold.
        Assert.Equivalent(
            expected with
            {
                RowVersion = "",
                Files = expected.Files with { Key = null, Companions = [.. expected.Files.Companions.Select(Keyless)] },
            },
            actual with
            {
                RowVersion = "",
                Files = actual.Files with { Key = null, Companions = [.. actual.Files.Companions.Select(Keyless)] },
            },
            strict: true
        );
        Assert.Equal(expected.Details.Tags.AsEnumerable(), actual.Details.Tags.AsEnumerable());
        Assert.Equal(expected.Files.Key?.VaultKeyVersion, actual.Files.Key?.VaultKeyVersion);
        Assert.Equal(expected.Files.Key?.Sealed.ToArray(), actual.Files.Key?.Sealed.ToArray());
        Assert.Equal(
            expected.Files.Companions.Select(companion => companion.Key?.Sealed.ToArray()),
            actual.Files.Companions.Select(companion => companion.Key?.Sealed.ToArray())
        );
        Assert.Equal(
            expected.Files.Companions.Select(companion => companion.Plan),
            actual.Files.Companions.Select(companion => companion.Plan)
        );
    }

    static Companion Keyless(Companion companion) => companion with { Key = null, Plan = null };

    static void AssertSame(ChunkRecord expected, ChunkRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Salt.ToArray(), actual.Salt.ToArray());
        Assert.Equal(expected with { Salt = default }, actual with { Salt = default });
    }

    static async Task<string[]> Unfinished(ILibrary library)
    {
        var names = new List<string>();
        await foreach (var video in library.ListUnfinishedAsync(None))
            names.Add(video.Details.Name);
        return [.. names.Order(StringComparer.Ordinal)];
    }

    static async Task<int[]> Chunks(ILibrary library, VideoId id, int attempt, int first, int count)
    {
        var indexes = new List<int>();
        await foreach (var chunk in library.ListChunksAsync(id, attempt, new ChunkNumber(first), count, None))
            indexes.Add(chunk.Number.Value);
        return [.. indexes];
    }

    protected static Video FullVideo()
    {
        var blob = new StagedBlob(StagingArea.Uploads, "name", "\"0x8D\"", 1L << 40, Noon.AddTicks(7));
        var media = new MediaSummary
        {
            Container = "mov,mp4",
            DurationSeconds = 12.345678901,
            MoovOffset = 1L << 33,
            // Enough tracks that the text does not fit one property of 32 Ki characters.
            Tracks =
            [
                .. Enumerable
                    .Range(0, 400)
                    .Select(i => new MediaTrack
                    {
                        Index = i,
                        Kind = MediaTrackKind.Subtitle,
                        Codec = "mov_text",
                        Title = "日本語 «»",
                    }),
            ],
        };
        return NewVideo(0) with
        {
            Details = NewVideo(0).Details with
            {
                Name = "a \"name\"\n👩‍👩‍👧",
                Folder = "Holidays/2026",
                Tags = ["b", "a", ""],
                Description = new string('d', 70_000),
            },
            Upload = new VideoUpload
            {
                SizeBytes = 1L << 40,
                ContentType = "video/mp4",
                Source = blob,
                Sha256 = new string('5', 64),
            },
            Life = NewVideo(0)
                .Life.With(
                    status: VideoStatus.Failed,
                    stage: IngestStage.Verifying,
                    attempt: 3,
                    progress: new IngestProgress
                    {
                        Started = Noon,
                        Updated = Noon.AddSeconds(3),
                        ChunksDone = 1,
                        ChunksTotal = 2,
                        BytesDone = 3,
                        BytesTotal = 1L << 40,
                    },
                    failure: "It failed."
                ),
            Updated = Noon.AddTicks(1),
            Inspection = NewVideo(0).Inspection with
            {
                Decision = new MediaDecision(MediaAction.Relocate, "moov lies behind the media"),
                Media = media,
            },
            Files = NewVideo(0).Files with
            {
                Prepared = new PreparedFile
                {
                    Extents = [new Extent(blob with { Area = StagingArea.Prepared }, 5, 6), new Extent(blob, 1L << 35, 7)],
                    LengthBytes = 13,
                    ContentType = "video/mp4",
                    Media = media,
                },
                Plan = ChunkPlan.FromRuns([new ChunkRun(4, 2 << 20), new ChunkRun(1, 77)]),
                Key = new WrappedKey(2, new byte[] { 1, 2, 3 }),
                Companions =
                [
                    new Companion
                    {
                        Kind = CompanionKind.Index,
                        Number = 1,
                        ContentType = "application/octet-stream",
                        State = CompanionState.Failed,
                        Failure = "It has no index.",
                    },
                    new Companion
                    {
                        Kind = CompanionKind.Captions,
                        Number = 7,
                        Of = 3,
                        Language = "pt-BR",
                        Name = "Português «»",
                        ContentType = "text/vtt",
                        LengthBytes = 13,
                        Media = new MediaSummary { Container = "webvtt", DurationSeconds = 1.5 },
                        Extents = [new Extent(blob with { Area = StagingArea.Prepared }, 5, 13)],
                        State = CompanionState.Waiting,
                        Plan = ChunkPlan.FromRuns([new ChunkRun(1, 13)]),
                        Key = new WrappedKey(1, new byte[] { 4, 5 }),
                    },
                ],
                LastCompanion = 9,
            },
            Manifests = NewVideo(0).Manifests with
            {
                Newest = new ChunkReceipt(1, -100, 3, "file", "unique", 4),
                IsStale = true,
                Former = [new ChunkReceipt(1, -100, 2, "former", "unique", 5)],
            },
        };
    }
}
