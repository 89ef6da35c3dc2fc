using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Http;
using TgVault.BotApi.Methods;
using TgVault.BotApi.Store;

namespace TgVault.BotApi;

/// <summary>
/// A stand-in for api.telegram.org on the loopback interface: the methods a vault uses, with Telegram's shapes, texts and limits, documents
/// on disk, and faults on demand.
/// </summary>
public sealed class BotApiServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly PostStore _store;
    readonly AnswerLog? _answers;
    readonly CancellationTokenSource _stopping = new();
    int _disposed;

    BotApiServer(BotApiOptions options)
    {
        Clock = new BotApiClock(options.Time);
        Clock.Advance(options.ClockAhead);
        var bots = new Bots(options.Tokens);
        _store = new PostStore(options.DataDirectory, options.ReclaimDeleted);
        // Behind the store, which has the folder for itself.
        _answers = options.Control ? new AnswerLog(options.DataDirectory) : null;
        var links = new FileLinks(options.DataDirectory, Clock);
        var access = new ChatAccess([.. options.Channels], Members);
        var router = new BotApiRouter(
            bots,
            new DocumentMethods(_store, links, access, new SendLimit(options.MessagesPerMinute, Clock), Clock),
            new ChannelMethods(_store, bots, access, Clock),
            links,
            new RequestReading(_store, Faults, Counters),
            new FileDownload(Faults, Counters),
            Faults,
            Counters,
            (chat, message) => _answers?.Add(chat, message, options.Time.GetUtcNow()),
            _stopping.Token
        );
        _app = Build(options);
        if (options.Control)
            ControlRoutes.Map(_app, this);
        _app.MapFallback("{**path}", router.RouteAsync);
    }

    /// <summary>Where it listens, without a slash at the end: Telegram.Bot's base URL.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>The server's time.</summary>
    public BotApiClock Clock { get; }

    /// <summary>What was called.</summary>
    public Counters Counters { get; } = new();

    /// <summary>Which bot may do what where.</summary>
    public Members Members { get; } = new();

    /// <summary>Every document message ever sent, by channel and message id.</summary>
    public IReadOnlyList<StoredDocument> Documents =>
        _answers is null
            ? _store.List()
            : [.. _store.List().Select(document => document with { Answered = _answers.Find(document.ChatId, document.MessageId) })];

    /// <summary>Starts a server over a folder, taking up what an earlier one left there.</summary>
    /// <exception cref="IOException">The port is taken, or another server uses the folder.</exception>
    /// <exception cref="ArgumentException">A token is malformed.</exception>
    public static async Task<BotApiServer> StartAsync(BotApiOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new BotApiServer(options);
        try
        {
            await server._app.StartAsync(cancellationToken);
            server.Url = server
                ._app.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.Single()
                .TrimEnd('/');
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Deletes a message behind everyone's back, and with it the document's bytes if asked:
    /// getFile fails then, for every bot.</summary>
    /// <returns>False where no such message is.</returns>
    public bool Lose(long chat, int message, bool bytesToo)
    {
        if (_store.Find(chat, message) is not { } post)
            return false;
        _store.Delete(chat, [post]);
        if (bytesToo && post.File is { } file)
            _store.LoseFile(file);
        return true;
    }

    /// <summary>Ends it: calls under way are cut, the folder is free for the next server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _store.Dispose();
        _answers?.Dispose();
        _stopping.Dispose();
    }

    static WebApplication Build(BotApiOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Listen(System.Net.IPAddress.Loopback, options.Port);
            });
        builder.Services.AddRoutingCore();
        // The host's own lifetime would swallow Ctrl-C of the process it runs in, a test run for one.
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        return builder.Build();
    }

    /// <summary>Lives until its owner disposes it.</summary>
    sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
