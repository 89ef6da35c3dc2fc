using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Methods;
using TgVault.BotApi.Store;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi;

/// <summary>
/// A stand-in for the Telegram Bot API on this machine: the methods a vault uses, with Telegram's shapes, texts and limits, documents on
/// disk, and faults on demand. Only loopback reaches it.
/// </summary>
public sealed class BotApiServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly MessageStore _store;

    BotApiServer(BotApiOptions options)
    {
        Clock = new BotApiClock(options.Time);
        var tokens = new BotTokens(options.Tokens);
        _store = new MessageStore(Path.GetFullPath(options.DataFolder), options.Channels, options.KeepDeletedDocuments);
        var ids = FileIds.Open(options.DataFolder);
        var links = new FileLinks(Clock);
        var methods = new MethodTable(_store, ids, links, Memberships, new SendLimit(options.MessagesPerMinute, Clock), Clock, tokens.Ids);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            // The limits are Telegram's, checked where the body is read; slow is what tests may want to be.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        _app = builder.Build();
        var routes = new Routes(tokens, new CallReader(_store.IncomingFolder, Faults), methods, new FileRoute(_store, links, Faults, Counters),
            options.Control ? new ControlRoutes(this) : null, Faults, Counters, _app.Logger);
        _app.Run(routes.ServeAsync);
    }

    /// <summary>Where it listens, with no slash at the end.</summary>
    public string Url { get; private set; } = "";

    public FaultPlan Faults { get; } = new();

    public Counters Counters { get; } = new();

    public BotApiClock Clock { get; }

    public Memberships Memberships { get; } = new();

    /// <exception cref="ArgumentException">A token is malformed.</exception>
    /// <exception cref="IOException">The port or the data folder is taken.</exception>
    public static async Task<BotApiServer> StartAsync(BotApiOptions options, CancellationToken cancellationToken)
    {
        var server = new BotApiServer(options);
        try
        {
            await server._app.StartAsync(cancellationToken);
            server.Url = server._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every document that a message shows, by channel and message.</summary>
    public IReadOnlyList<DocumentListing> Documents() => _store.List();

    /// <summary>Removes a message whatever its age, as a person in the channel might.</summary>
    public void LoseMessage(long chatId, int messageId) => _store.Delete(chatId, messageId);

    /// <summary>Makes every file id of the message's document dead that was given out so far, for all bots.</summary>
    /// <exception cref="ArgumentException">There is no such message.</exception>
    public void KillFileIds(long chatId, int messageId)
    {
        var message = _store.Find(chatId, messageId) ?? throw new ArgumentException($"There is no message {messageId}.", nameof(messageId));
        _store.KillIds(message.Document.Number);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _store.Dispose();
    }
}
