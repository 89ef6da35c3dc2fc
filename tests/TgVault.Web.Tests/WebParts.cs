using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core;
using TgVault.Core.ApiKeys;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Engine;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Playback;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Requests;
using TgVault.Core.Rotation;
using TgVault.Core.Sessions;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telegram;
using TgVault.Core.Tickets;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Core.Webhooks;
using TgVault.Testing;
using TgVault.Testing.Playback;
using TgVault.WebTesting;

namespace TgVault.Web.Tests;

/// <summary>A running vault over stores in memory, with one ready video.</summary>
sealed class WebParts : IAsyncDisposable, IIngestScheduler
{
    public const string ApiKey = "test-key-test-key-test-key-test-key";

    public static readonly ChunkPlan Plan = ChunkPlan.FromRuns([new ChunkRun(3, 512 * 1024), new ChunkRun(1, 1234)]);

    WebParts(VaultSettings settings, SyntheticVideo video, PlaybackRows rows, KeyRing keys, TimeProvider time)
    {
        Settings = settings;
        Video = video;
        Rows = rows;
        Keys = keys;
        LinkRows = new MemoryRows(TimeProvider.System);
        LinkKeyRows = new MemoryRows(TimeProvider.System);
        OwnLinkKey = new OwnLinkKey(keys, LinkKeyRows, time);
        Links = new VideoLinks(keys, settings.Links, TimeProvider.System, OwnLinkKey);
        Cache = new SpanCache(settings.Playback.CacheBytes);
    }

    public VaultSettings Settings { get; }

    public SyntheticVideo Video { get; }

    public PlaybackRows Rows { get; }

    public KeyRing Keys { get; }

    public VideoLinks Links { get; }

    public OwnLinkKey OwnLinkKey { get; }

    /// <summary>What is told of a rotation of the master secret.</summary>
    public ToldRotation Rotation { get; } = new();

    /// <summary>The rows of links; what another instance would read.</summary>
    public MemoryRows LinkRows { get; }

    /// <summary>The rows of link keys; what another instance would read.</summary>
    public MemoryRows LinkKeyRows { get; }

    /// <summary>The rows of webhooks and of their messages.</summary>
    public MemoryRows WebhookRows { get; } = new(TimeProvider.System);

    public SpanCache Cache { get; }

    public VaultHost Host { get; private set; } = null!;

    public LogLines Log { get; } = new();

    public HttpClient Client => Host.Client;

    public ConcurrentQueue<string> Scheduled { get; } = new();

    public MemoryStaging Staging { get; } = new(TimeProvider.System);

    public static async Task<WebParts> StartAsync(
        PlaybackSettings? playback = null,
        ChunkPlan? plan = null,
        string name = "clip.mp4",
        string contentType = "video/mp4",
        string publicUrl = "",
        byte[]? content = null,
        TimeProvider? time = null,
        Func<VaultSettings, VaultSettings>? change = null,
        Action<IServiceCollection>? register = null
    )
    {
        var settings = new VaultSettings
        {
            ApiKey = ApiKey,
            Playback = playback ?? new PlaybackSettings(),
            PublicUrl = publicUrl,
        };
        settings = change?.Invoke(settings) ?? settings;
        var rows = new PlaybackRows();
        var key = VaultKey.FromBytes(1, new byte[VaultKey.SizeBytes]);
        var video = await SyntheticVideo.AddAsync(rows, key, plan ?? Plan, name, contentType, content: content);
        var parts = new WebParts(settings, video, rows, new KeyRing([key]), time ?? TimeProvider.System);
        parts.Host = await VaultHost.StartAsync(
            services =>
            {
                parts.Register(services.AddSingleton(time ?? TimeProvider.System));
                register?.Invoke(services);
            },
            parts.Log
        );
        return parts;
    }

    /// <summary>A vault whose ready video is this file.</summary>
    public static async Task<WebParts> ServeAsync(string path, PlaybackSettings? playback = null)
    {
        var content = await File.ReadAllBytesAsync(path);
        return await StartAsync(playback, SyntheticVideo.SmallChunks(content.Length), content: content);
    }

    public string LinkTo(TimeSpan? lifetime = null, string[]? origins = null, LinkKind[]? kinds = null) =>
        Links.Mint(new LinkRequest(Video.Row.Id, lifetime, [.. origins ?? []], [.. kinds ?? []])).Token;

    public string StreamPath => $"v/{LinkTo()}/video.mp4";

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A request of the managing API, with the key.</summary>
    public Task<HttpResponseMessage> ManageAsync(HttpMethod method, string path, object? body = null) =>
        SendAsync(
            method,
            path,
            body is string text ? new StringContent(text, Encoding.UTF8, "application/json")
                : body is null ? null
                : JsonContent.Create(body),
            ("X-Api-Key", ApiKey)
        );

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>();

    public async Task<Video> AddAsync(VideoStatus status, Func<Video, Video>? change = null)
    {
        var video = new Video
        {
            Id = VideoId.New(DateTimeOffset.UtcNow),
            Details = new VideoDetails { Name = "other.mp4" },
            Life = VideoLife.Announced.With(status: status),
            Updated = DateTimeOffset.UtcNow,
            Upload = new VideoUpload(),
        };
        video = change?.Invoke(video) ?? video;
        await Rows.TryAddAsync(video, CancellationToken.None);
        return video;
    }

    public async Task RetryAsync(VideoId id, CancellationToken cancellationToken)
    {
        Scheduled.Enqueue($"retry {id}");
        await Rows.ChangeAsync(
            id,
            video => video with { Life = video.Life.With(status: VideoStatus.Waiting, failure: null) },
            cancellationToken
        );
    }

    public Task AmendAsync(VideoId id, CancellationToken cancellationToken)
    {
        Scheduled.Enqueue($"amend {id}");
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        Scheduled.Enqueue($"remove {id}");
        await Rows.ChangeAsync(id, video => video with { Life = video.Life.With(status: VideoStatus.Deleting) }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        OwnLinkKey.Dispose();
        Keys.Dispose();
        Video.Dispose();
    }

    void Register(IServiceCollection services) =>
        services
            .AddSingleton(Settings)
            .AddSingleton<ILibrary>(Rows)
            .AddSingleton<IStaging>(Staging)
            .AddSingleton<IIngestScheduler>(this)
            .AddSingleton(OwnLinkKey)
            .AddSingleton(Links)
            .AddSingleton<IKeyRotation>(Rotation)
            .AddSingleton(provider => new LinkRegister(LinkRows, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new LinkKeyRing(Keys, LinkKeyRows, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new ApiKeyRing(new MemoryRows(TimeProvider.System), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new RequestKeys(new MemoryRows(TimeProvider.System), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new WebhookRing(Keys, WebhookRows, Settings.Webhooks, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new Deliveries(
                WebhookRows,
                provider.GetRequiredService<WebhookRing>(),
                new WebhookClient(Settings.Webhooks, provider.GetRequiredService<TimeProvider>()),
                provider.GetRequiredService<TimeProvider>(),
                NullLogger<Deliveries>.Instance
            ))
            .AddSingleton(provider => new TicketBook(
                new MemoryRows(TimeProvider.System),
                Rows,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new VaultSessions(Keys, ApiKey, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IChunkStore>(Video)
            .AddSingleton(Keys)
            .AddPlayback(Settings.Playback)
            .AddSingleton(Cache)
            .AddSingleton<ITelegramStatus, NoTelegram>()
            .AddSingleton(provider => new StoringTimes(
                Rows,
                provider.GetRequiredService<ITelegramStatus>(),
                Settings.Chunks,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new VideoWaits(
                provider.GetRequiredService<IStaging>(),
                provider.GetRequiredService<ITelegramStatus>(),
                provider.GetService<IWorkTurns>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<IPosters, NoTelegram>()
            .AddSingleton<ILibraryRecovery, NoTelegram>()
            .AddSingleton<ICopyChecks, NoReplicas>()
            .AddSingleton<ICatalogueChecks, NoReplicas>()
            .AddSingleton<IReplicas, NoReplicas>()
            .AddSingleton<INightlyChecks, NoReplicas>()
            // Wishes are recorded here; nothing carries them out.
            .AddSingleton<ICompanionWishes>(provider => new CompanionWishes(
                Rows,
                provider.GetRequiredService<IStaging>(),
                Keys,
                Settings.Chunks,
                TimeProvider.System
            ));
}

/// <summary>What the vault logged.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<(LogLevel Level, string Text)> Lines => _lines;

    /// <summary>Raised after every line.</summary>
    public Signal Written { get; } = new();

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("TgVault", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
        Written.Raise();
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }
}
