using Telegram.Bot;
using Telegram.Bot.Types;
using TgVault.Core.Chunks;
using TgVault.Core.Settings;

namespace TgVault.Core.Telegram;

/// <summary>One configured bot. <see cref="FileUrl"/> holds the token: it is asked for bytes and told to nobody.</summary>
sealed record TelegramBot(long Id, TelegramBotClient Client, string FileUrl)
{
    /// <summary>Where the document of a message lies, for this bot; null where the message holds none.</summary>
    public ChunkReceipt? ReceiptOf(Message message, int lengthBytes) =>
        message.Document is { } document
            ? new ChunkReceipt(Id, message.Chat.Id, message.Id, document.FileId, document.FileUniqueId, lengthBytes)
            : null;
}

/// <summary>The configured bots and channels, over one shared HttpClient.</summary>
sealed class TelegramBots : IDisposable
{
    readonly Dictionary<long, TelegramBot> _byId;

    public TelegramBots(TelegramSettings settings)
    {
        var network = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(3),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            // Telegram is told nothing of our traces.
            ActivityHeadersPropagator = null,
        };
        Http = new HttpClient(new MeteredRequests(network))
        {
            // Upload, server-side processing and up to 60 s of hidden flood wait all lie within one call.
            Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
        };
        All = [.. settings.Bots.Select(bot => Create(bot.Token, settings.BaseUrl))];
        _byId = All.ToDictionary(bot => bot.Id);
    }

    public HttpClient Http { get; }

    public IReadOnlyList<TelegramBot> All { get; }

    public TelegramBot? Find(long id) => _byId.GetValueOrDefault(id);

    public void Dispose() => Http.Dispose();

    TelegramBot Create(string token, string baseUrl)
    {
        // One attempt only: retrying is RetryingChunkStore's, which honours every shape of a flood wait and holds no thread for it.
        var options = new TelegramBotClientOptions(token, baseUrl) { RetryCount = 1, RetryThreshold = 0 };
        return new TelegramBot(options.BotId, new TelegramBotClient(options, Http), options.BaseFileUrl);
    }
}
