using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Engine;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Orphans;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tickets;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Engine;

/// <summary>
/// The engine of one machine over memory, with a clock that stands still: what happens without the test moving it needs no time. Steps are
/// the vault's own, except those that need ffmpeg or the catalogue's table.
/// </summary>
sealed class RunnerBench : IAsyncDisposable
{
    /// <summary>How often the runner looks; no other wait is as long.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(997);

    public static readonly TimeSpan FloodWait = TimeSpan.FromHours(1);

    readonly KeyRing _keys = new([VaultKey.FromBytes(1, new byte[32])]);
    readonly CatalogueLog _catalogue;
    readonly LinkRegister _links;
    readonly LoggerFactory _logs;
    readonly Lines _logged;
    bool _isStopped;

    public RunnerBench(int videos = 2, int parallelism = 4, IEnumerable<IIngestStep>? more = null)
    {
        _logged = new Lines(Changes);
        _logs = new LoggerFactory([_logged], new LoggerFilterOptions { MinLevel = LogLevel.Debug });
        Settings = new VaultSettings
        {
            Chunks = new ChunkSettings { Size = 65536 },
            Ingest = new IngestSettings { Videos = videos, Parallelism = parallelism },
            Uploads = new UploadSettings { WatchMilliseconds = (int)Look.TotalMilliseconds },
        };
        Time = new WatchedTime(Changes);
        Store.AfterPut = (_, _) =>
        {
            Changes.Raise();
            return Task.CompletedTask;
        };
        Library = new HookedLibrary(Changes);
        Staging = new MemoryStaging(Time);
        var guard = new StepGuard(_logs.CreateLogger<StepGuard>());
        var left = new LeftDocuments(new MemoryRows(Time));
        var chunks = new StoredChunks(Library, Store, left);
        var planned = new PlannedChunks(Library);
        var discarded = new DiscardedDocuments(new MemoryRows(Time));
        var sending = new SendStep(Library, Staging, Store, discarded, _keys, planned, new SealedBuffers(4));
        var verifying = new VerifyStep(Library, Store, discarded, _keys, planned, sending, _logs.CreateLogger<VerifyStep>());
        var planning = new PlanStep(Library, _keys, Settings.Chunks, Settings.Ingest, Time);
        var cleaning = new CleanUpStep(Library, Staging, chunks, Time);
        var plain = new PlainSteps(Library, Time);
        Inspect = new ScriptedStep(IngestStep.Inspect, plain.InspectAsync, Changes);
        Prepare = new ScriptedStep(IngestStep.Prepare, plain.PrepareAsync, Changes);
        Send = new ScriptedStep(IngestStep.Send, sending.RunAsync, Changes);
        Commit = new ScriptedStep(IngestStep.Commit, plain.CommitAsync, Changes);
        CleanUp = new ScriptedStep(IngestStep.CleanUp, cleaning.RunAsync, Changes);
        // Nothing here has a manifest in the catalogue, so it is not asked.
        _catalogue = new CatalogueLog(
            new TableRows(new TableClient(new Uri("http://127.0.0.1:1/none/none"))),
            Store,
            Store,
            _keys,
            "bench",
            Time,
            _logs.CreateLogger<CatalogueLog>()
        );
        _links = new LinkRegister(new MemoryRows(Time), Time);
        Removals = new Removals(
            Library,
            Staging,
            Store,
            left,
            chunks,
            _links,
            Events,
            _catalogue,
            guard,
            Time,
            _logs.CreateLogger<Removals>()
        );
        Amendments = new Amendments(
            Library,
            Staging,
            Store,
            discarded,
            new NoCopies(),
            _keys,
            sending,
            verifying,
            new NoPictures(),
            new NoUploads(),
            _catalogue,
            left,
            guard,
            Time,
            _logs.CreateLogger<Amendments>()
        );
        Steps = new IngestSteps(
            [Inspect, Prepare, planning, Send, verifying, Commit, CleanUp, .. more ?? []],
            new UploadClaim(Library, Staging, Settings.Uploads, Time, _logs.CreateLogger<UploadClaim>()),
            guard,
            Library,
            Staging,
            Time,
            _logs.CreateLogger<IngestSteps>()
        );
        Runner = new IngestRunner(
            Library,
            Staging,
            Steps,
            Amendments,
            Removals,
            new AbandonedUploads(Library, Staging, Settings.Uploads, Time, _logs.CreateLogger<AbandonedUploads>()),
            new TrashedVideos(Library, Time, _logs.CreateLogger<TrashedVideos>()),
            new StrandedBlobs(Library, Staging),
            new DiscardedDeletion(discarded, Store, left, _logs.CreateLogger<DiscardedDeletion>()),
            _links,
            new TicketBook(new MemoryRows(Time), Library, Time),
            Settings,
            Time,
            _logs.CreateLogger<IngestRunner>()
        );
    }

    /// <summary>Raised whenever a row is written, a document is stored, a step or a wait begins, or something is logged.</summary>
    public Signal Changes { get; } = new();

    public VaultSettings Settings { get; }

    /// <summary>What was told of videos before their rows went.</summary>
    public ToldEvents Events { get; } = new();

    public WatchedTime Time { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public HookedLibrary Library { get; }

    public MemoryStaging Staging { get; }

    public MemoryChunkStore Store { get; } = new();

    public ScriptedStep Inspect { get; }

    public ScriptedStep Prepare { get; }

    public ScriptedStep Send { get; }

    public ScriptedStep Commit { get; }

    public ScriptedStep CleanUp { get; }

    public IngestSteps Steps { get; }

    public Removals Removals { get; }

    public Amendments Amendments { get; }

    public IngestRunner Runner { get; }

    /// <summary>What was logged as an error, and what broke.</summary>
    public IReadOnlyCollection<string> Logged => _logged.Errors;

    public Task StartAsync() => Runner.StartAsync(CancellationToken.None);

    public Task StopAsync()
    {
        _isStopped = true;
        return Runner.StopAsync(CancellationToken.None);
    }

    /// <summary>Waits for something that needs no time to pass.</summary>
    public Task UntilAsync(Func<bool> condition) => Changes.UntilAsync(condition);

    public Task UntilStatusAsync(VideoId id, VideoStatus status) => UntilAsync(() => Library.Show(id)?.Life.Status == status);

    public Task UntilDoneAsync(VideoId id) =>
        UntilAsync(() => Library.Show(id)?.Life is { Status: VideoStatus.Ready, Stage: IngestStage.Done });

    public Task UntilGoneAsync(VideoId id) => UntilAsync(() => Library.Show(id) is null);

    /// <summary>Lets so much time pass and a second more, and waits until the runner has looked since.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        // The first look may have begun before; the second one has the new time for certain.
        await UntilAsync(() => Time.WaitsOf(Look) > 0);
        foreach (var next in new[] { time, Look })
        {
            var looks = Time.WaitsOf(Look);
            Time.Advance(next);
            await UntilAsync(() => Time.WaitsOf(Look) > looks);
        }
    }

    /// <summary>Waits until all work on this video that was begun is over.</summary>
    public Task RestAsync(VideoId id) => UntilAsync(() => _logged.CountOf("begins", id) == _logged.CountOf("is over", id));

    public async Task<VideoId> AnnounceAsync(DateTimeOffset? created = null, long sizeBytes = 10)
    {
        var id = VideoId.New(created ?? Now);
        await Library.TryAddAsync(
            new Video
            {
                Id = id,
                Details = new VideoDetails { Name = "film.mp4" },
                Upload = new VideoUpload { SizeBytes = sizeBytes },
                Life = VideoLife.Announced,
                Updated = id.Created,
            },
            CancellationToken.None
        );
        return id;
    }

    /// <summary>A video whose upload of so many chunks has arrived.</summary>
    public async Task<VideoId> UploadAsync(int chunks = 1)
    {
        var id = await AnnounceAsync(sizeBytes: 65536 * chunks);
        Staging.Put(StagingArea.Uploads, id.ToString(), new byte[65536 * chunks]);
        return id;
    }

    /// <summary>A step that has to wait for an hour, as long as its attempt is not over.</summary>
    public async Task<StepOutcome> FloodAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        await Library.ReadAsync(run, cancellationToken);
        return StepOutcome.Wait(FloodWait, "flood");
    }

    /// <summary>
    /// A ready video in the row alone, with a manifest that is to be posted. Where its chunk is not recorded, no manifest can be made.
    /// </summary>
    public async Task<VideoId> AddReadyAsync(bool isRecorded)
    {
        var id = await AnnounceAsync();
        var blob = new StagedBlob(StagingArea.Uploads, id.ToString(), "\"0\"", 65536, Now);
        var plan = ChunkSizes.Plan(65536, 65536);
        await Library.ChangeAsync(
            id,
            video =>
                video with
                {
                    Life = VideoLife.Recovered(1),
                    Upload = video.Upload with { Source = blob },
                    Files = new VideoFiles
                    {
                        Prepared = PlainSteps.Whole(blob),
                        Plan = plan,
                        Key = _keys.NewDataKey(id, 1, plan),
                    },
                    Manifests = new VideoManifests { IsStale = !isRecorded },
                },
            CancellationToken.None
        );
        if (isRecorded)
            await Library.AddChunkAsync(
                id,
                1,
                new ChunkRecord(default, 65536, new byte[SealedChunk.SaltBytes], new ChunkReceipt(1, 2, 3, "f", "u", 65600)),
                CancellationToken.None
            );
        return id;
    }

    public Task<Companion?> AddCaptionsAsync(VideoId id) =>
        ((ICompanionWishes)new CompanionWishes(Library, Staging, _keys, Settings.Chunks, Time)).AddAsync(
            id,
            new Companion
            {
                Kind = CompanionKind.Captions,
                Number = 0,
                Language = "en",
                ContentType = "text/vtt",
            },
            new MemoryStream("WEBVTT\n"u8.ToArray()),
            CancellationToken.None
        );

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
            await Runner.StopAsync(CancellationToken.None);
        Runner.Dispose();
        _catalogue.Dispose();
        _links.Dispose();
        _keys.Dispose();
        _logs.Dispose();
    }

    sealed class Lines(Signal changes) : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> _all = new();

        public ConcurrentQueue<string> Errors { get; } = new();

        public int CountOf(string end, VideoId id) =>
            _all.Count(line => line.EndsWith(end, StringComparison.Ordinal) && line.Contains(id.ToString(), StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            _all.Enqueue(formatter(state, exception));
            if (logLevel >= LogLevel.Error)
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
            changes.Raise();
        }

        public void Dispose() { }
    }

    sealed class NoUploads : IStoredUploads
    {
        public Task StageAsync(Video video, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    // There is no film in its videos, and nobody asks.
    sealed class NoPictures : IStoredPictures
    {
        public Task MakeAsync(Video video, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
