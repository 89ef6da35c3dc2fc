using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Engine;
using TgVault.Core.Hosting;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Storage;
using TgVault.Core.Tests.Webhooks;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Ingest;

/// <summary>A vault put together as in production, over Azurite and ffmpeg, with documents in memory; the tests drive the workflow
/// themselves.</summary>
sealed class IngestBench : IAsyncDisposable
{
    readonly ServiceProvider _provider;

    IngestBench(ServiceProvider provider, MemoryChunkStore store)
    {
        _provider = provider;
        Store = store;
    }

    public MemoryChunkStore Store { get; }

    public ILibrary Library => Get<ILibrary>();

    public IStaging Staging => Get<IStaging>();

    public IngestSteps Steps => Get<IngestSteps>();

    public StorageAccount Account => Get<StorageAccount>();

    /// <param name="azurite">Blobs and tables.</param>
    /// <param name="configure">Changes to the settings.</param>
    /// <param name="overTelegram">Whether documents go to the channels that the settings name instead of memory.</param>
    /// <param name="services">What is registered besides.</param>
    public static async Task<IngestBench> OpenAsync(
        AzuriteFixture azurite,
        Func<VaultSettings, VaultSettings>? configure = null,
        bool overTelegram = false,
        Action<IServiceCollection>? services = null
    )
    {
        var settings = azurite.NewStorage() with
        {
            MasterSecret = "a master secret for tests, long enough",
            Chunks = new ChunkSettings { Size = 65536 },
            // Those that look at pictures turn them on.
            Pictures = false,
        };
        if (configure is not null)
            settings = configure(settings);
        var store = new MemoryChunkStore();
        var foundation = await VaultFoundation.OpenAsync(settings, TimeProvider.System, CancellationToken.None);
        var vault = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IVideoJson, NamedVideo>();
        vault.AddVault(settings, foundation).AddIngestRunner();
        if (!overTelegram)
            vault.AddSingleton<IChunkStore>(store).AddSingleton<IPinboard>(store);
        services?.Invoke(vault);
        var bench = new IngestBench(vault.BuildServiceProvider(), store);
        await bench.Library.PrepareAsync(CancellationToken.None);
        await bench.Staging.PrepareAsync(CancellationToken.None);
        await bench.Get<LinkRegister>().PrepareAsync(CancellationToken.None);
        return bench;
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Announces a video and uploads it the way a client does; returns its id and the event that follows.</summary>
    public async Task<(VideoId Id, IngestRequest Event)> UploadAsync(string name, byte[] content, long? announced = null)
    {
        var id = VideoId.New(DateTimeOffset.UtcNow);
        await Library.TryAddAsync(
            new Video
            {
                Id = id,
                Details = new VideoDetails { Name = name },
                Upload = new VideoUpload { SizeBytes = announced ?? content.Length },
                Updated = id.Created,
                Life = VideoLife.Announced,
            },
            CancellationToken.None
        );
        return (id, await PutBlobAsync(id.ToString(), content));
    }

    public async Task<IngestRequest> PutBlobAsync(string blobName, byte[] content)
    {
        var blob = Account.Blobs.GetBlobContainerClient(Account.Prefix + "staging").GetBlobClient(blobName);
        await blob.UploadAsync(new BinaryData(content), overwrite: true);
        var staged = await Staging.FindAsync(StagingArea.Uploads, blobName, CancellationToken.None);
        return new IngestRequest(blobName, staged!.ETag);
    }

    public async Task<IngestOutcome> RunAsync(IngestRequest request, CancellationToken cancellationToken = default)
    {
        using var places = new WorkPlaces(Get<IngestSettings>(), TimeProvider.System);
        var signals = new WorkSignals(new TaskCompletionSource().Task, cancellationToken);
        await using var engine = new DirectEngine(Steps, places, signals, TimeProvider.System);
        return await IngestWorkflow.RunAsync(request, engine);
    }

    public Task<StepOutcome> RunAsync(IngestStep step, IngestRun run, int ordinal, CancellationToken cancellationToken) =>
        Steps.RunAsync(IngestOrder.RowOf(step), run, ordinal, cancellationToken);

    public async Task<Video> ShowAsync(VideoId id) => (await Library.FindAsync(id, CancellationToken.None))!;

    /// <summary>The names of all prepared blobs.</summary>
    public async Task<List<string>> ListPreparedAsync()
    {
        var names = new List<string>();
        await foreach (var blob in Staging.ListPreparedAsync("", CancellationToken.None))
            names.Add(blob.Name);
        return names;
    }

    /// <summary>Everything that playback gives of a video.</summary>
    public async Task<byte[]> PlayAsync(VideoId id)
    {
        await using var stream =
            await Get<OpenVideos>().OpenAsync(id, CancellationToken.None) ?? throw new InvalidOperationException("It does not play.");
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    /// <summary>What plays videos on another instance: nothing read or opened before is in its memory.</summary>
    public OpenVideos NewReader(ILibrary? library = null) =>
        new(
            library ?? Library,
            ChunkReading.Of(Store),
            Get<KeyRing>(),
            new SpanCache(0),
            new PlaybackSettings(),
            TimeProvider.System,
            NullLogger<OpenVideos>.Instance
        );

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
