using System.Collections.Concurrent;
using Telegram.Bot;

namespace TgVault.Core.Telegram;

/// <summary>
/// The paths that getFile gives, kept while they are promised to work (an hour), asked for once however many readers want one. getFile makes
/// Telegram fetch the whole document first, so it is worth not asking twice.
/// </summary>
sealed class FileLinks(TimeProvider time)
{
    const int MostKept = 20_000;

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(50);

    readonly ConcurrentDictionary<(long Bot, string FileId), Link> _links = new();

    /// <summary>The path below the bot's file URL; null where Telegram says that the id is wrong or the file temporarily unavailable. A shared request is not stopped when one of its readers leaves; the client's time limit ends it.</summary>
    public async Task<string?> GetAsync(TelegramBot bot, string fileId, CancellationToken cancellationToken)
    {
        var key = (bot.Id, fileId);
        var now = time.GetUtcNow();
        if (_links.TryGetValue(key, out var known) && known.Expires <= now)
            _links.TryRemove(KeyValuePair.Create(key, known));
        if (_links.Count >= MostKept)
            DropExpired(now);

        var link = _links.GetOrAdd(key, _ => new Link(now + Lifetime, new Lazy<Task<string>>(() => AskAsync(bot, fileId))));
        try
        {
            return await link.Path.Value.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _links.TryRemove(KeyValuePair.Create(key, link));
            if (TelegramReply.IsUnavailable(exception))
                return null;
            throw TelegramReply.Classify(exception, "getFile");
        }
    }

    /// <summary>Forgets a path that did not work.</summary>
    public void Forget(TelegramBot bot, string fileId) => _links.TryRemove((bot.Id, fileId), out _);

    static async Task<string> AskAsync(TelegramBot bot, string fileId)
    {
        var file = await bot.Client.GetFile(fileId, CancellationToken.None);
        return file.FilePath ?? throw TelegramReply.Transient("getFile", "gave no path for the document");
    }

    void DropExpired(DateTimeOffset now)
    {
        foreach (var (key, link) in _links)
        {
            if (link.Expires <= now)
                _links.TryRemove(key, out _);
        }

        // All within the hour: start over rather than grow.
        if (_links.Count >= MostKept)
            _links.Clear();
    }

    sealed record Link(DateTimeOffset Expires, Lazy<Task<string>> Path);
}
