using System.Collections.Concurrent;
using Telegram.Bot;
using TgVault.Core.Caching;
using TgVault.Core.Telegram.Pacing;

namespace TgVault.Core.Telegram;

/// <summary>
/// The paths that getFile gives, kept while they are promised to work (an hour), asked for once however many readers want one. getFile
/// makes Telegram fetch the whole document first, so it is worth not asking twice: a request goes on when its readers have left, and the
/// client's time limit ends it. A bot that Telegram asks to wait is not asked anything until then.
/// </summary>
/// <param name="time">Says how old a path is.</param>
/// <param name="isLimited">Whether bots are asked at most at a rate.</param>
sealed class FileLinks(TimeProvider time, bool isLimited) : IDisposable
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

    readonly ConcurrentDictionary<long, ReadPace> _paces = new();

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
            if (TelegramReply.IsUnavailable(exception))
                return null;
            var failure = TelegramReply.Classify(exception, "getFile");
            if (failure.RetryAfter is { } wait)
                PaceOf(bot).Pause(wait);
            throw failure;
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

    ReadPace PaceOf(TelegramBot bot) => _paces.GetOrAdd(bot.Id, _ => new ReadPace(time));

    async Task<string> AskAsync(TelegramBot bot, string fileId)
    {
        var pace = PaceOf(bot);
        if (pace.Paused is var left && left > TimeSpan.Zero)
            throw TelegramReply.Flood("getFile", left);
        if (isLimited && pace.Take() is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time);
        var file = await bot.Client.GetFile(fileId, CancellationToken.None);
        return file.FilePath ?? throw TelegramReply.Transient("getFile", "gave no path for the document");
    }
}
