using Telegram.Bot;
using TgVault.Core.Caching;

namespace TgVault.Core.Telegram;

/// <summary>
/// The paths that getFile gives, kept while they are promised to work (an hour), asked for once however many readers want one. getFile
/// makes Telegram fetch the whole document first, so it is worth not asking twice: a request goes on when its readers have left, and the
/// client's time limit ends it.
/// </summary>
sealed class FileLinks(TimeProvider time) : IDisposable
{
    // Some 20,000 links.
    const long MaxBytes = 12 << 20;
    const long KeyBytes = 500;

    readonly SharedCache<(long Bot, string FileId), string> _links = new(MaxBytes, path => KeyBytes + (2 * path.Length))
    {
        Lifetime = TimeSpan.FromMinutes(50),
        Time = time,
        FinishesAlone = true,
    };

    /// <summary>
    /// The path below the bot's file URL; null where Telegram says that the id is wrong or the file temporarily unavailable.
    /// </summary>
    public async Task<string?> GetAsync(TelegramBot bot, string fileId, CancellationToken cancellationToken)
    {
        try
        {
            return await _links.GetAsync((bot.Id, fileId), _ => AskAsync(bot, fileId), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return TelegramReply.IsUnavailable(exception) ? null : throw TelegramReply.Classify(exception, "getFile");
        }
    }

    /// <summary>Forgets a path that did not work.</summary>
    public void Forget(TelegramBot bot, string fileId, string path) => _links.Remove((bot.Id, fileId), path);

    /// <summary>Forgets the path of this document, so that Telegram is asked anew.</summary>
    public void Forget(long bot, string fileId)
    {
        if (_links.TryGet((bot, fileId), out var path))
            _links.Remove((bot, fileId), path);
    }

    public void Dispose() => _links.Dispose();

    static async Task<string> AskAsync(TelegramBot bot, string fileId)
    {
        var file = await bot.Client.GetFile(fileId, CancellationToken.None);
        return file.FilePath ?? throw TelegramReply.Transient("getFile", "gave no path for the document");
    }
}
