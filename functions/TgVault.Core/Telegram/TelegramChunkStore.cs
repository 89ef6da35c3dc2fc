using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using TgVault.Core.Caching;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;
using TgVault.Core.Rows;
using TgVault.Core.Settings;

namespace TgVault.Core.Telegram;

/// <summary>
/// Keeps documents in Telegram channels through the Bot API, with several bots and channels. Makes one attempt per call; retrying is a
/// wrapper's. A receipt belongs to the bot that posted. When that bot or its file id no longer works, another bot finds the document by
/// its message.
/// </summary>
sealed class TelegramChunkStore : IChunkStore, IDocumentForwarding, IPinboard, IDocumentMemory, ITelegramStatus, IDisposable
{
    const int UnavailableBeforeHealing = 3;

    // Some 40,000 documents each.
    const long MaxHealedBytes = 40_000 * ReceiptBytes;
    const long MaxCountedBytes = 40_000 * CountBytes;
    const long ReceiptBytes = 600;
    const long CountBytes = 150;

    // Looking for a document that is gone costs a message posted and deleted, and players ask again at once, ten times in a second.
    static readonly TimeSpan GoneLifetime = TimeSpan.FromMinutes(1);

    readonly TelegramBots _bots;
    readonly ImmutableArray<long> _channels;
    readonly PostingLanes _lanes;
    readonly FileLinks _links;
    readonly TimeProvider _time;
    readonly ILogger<TelegramChunkStore> _logger;

    // Documents whose own receipt failed, by message, with a receipt that works. One forward however many readers miss the document. It
    // goes on when they leave, so that its copy is deleted; the client's time limit ends it.
    readonly SharedCache<(long Chat, int Message), ChunkReceipt> _healed = new(MaxHealedBytes, _ => ReceiptBytes) { FinishesAlone = true };

    // How often in a row Telegram called a document unavailable: said of ids that are dead for good and of passing trouble alike.
    readonly SharedCache<(long Chat, int Message), StrongBox<int>> _unavailable = new(MaxCountedBytes, _ => CountBytes);

    // Documents whose messages hold none any more, with what was said of them.
    readonly SharedCache<(long Chat, int Message), string> _gone;

    /// <param name="settings">Bots, channels and pace.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of waits and of what was found again.</param>
    /// <param name="shared">
    /// The vault's table, by which all instances keep to one pace, and where it is noted what is about to be posted; null where this
    /// process alone posts, and nobody looks for what it lost.
    /// </param>
    /// <param name="isAlone">Whether no other process can use the table.</param>
    /// <exception cref="ArgumentException">No bot, no channel, or a token that cannot be one.</exception>
    public TelegramChunkStore(
        TelegramSettings settings,
        TimeProvider time,
        ILogger<TelegramChunkStore> logger,
        IRowTable? shared = null,
        bool isAlone = false
    )
    {
        if (settings.Bots.IsEmpty || settings.Channels.IsEmpty)
            throw new ArgumentException("At least one bot and one channel are needed.", nameof(settings));
        _bots = new TelegramBots(settings);
        _channels = settings.Channels;
        var intents = shared is null ? null : new PostIntents(shared, isAlone, time);
        _lanes = new PostingLanes(_bots, settings, shared, time, logger, intents);
        Intents = new ChannelIntents(_lanes, intents, _channels, DeleteCopyAsync);
        _links = new FileLinks(time, isLimited: settings.MessagesPerMinute > 0);
        _gone = new SharedCache<(long, int), string>(MaxCountedBytes, _ => CountBytes) { Lifetime = GoneLifetime, Time = time };
        _time = time;
        _logger = logger;
    }

    /// <summary>What this store was about to post in its channels.</summary>
    public IPostIntents Intents { get; }

    /// <summary>Which setting names the channels, for whoever has to mend it.</summary>
    internal string ChannelsSetting { get; init; } = "TgVault__Telegram__Channels";

    /// <summary>How long a download may go without a byte.</summary>
    internal TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where copies are recorded that could not be deleted; null: they are only logged.</summary>
    internal IDiscardedDocuments? Discarded { get; init; }

    /// <summary>How long a reader is held that asks for a document which was gone just now.</summary>
    internal TimeSpan GoneHold { get; init; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken)
    {
        var (lane, message) = await _lanes.PostAsync(
            () => document.IsForPinning ? _lanes.First : _lanes.Next(),
            new Posting("sendDocument", Name: document.Name),
            async lane =>
            {
                // The library disposes the stream; a fresh one over the same bytes costs nothing.
                using var content = StreamOf(document.Content);
                return await lane.Bot.Client.SendDocument(
                    lane.Channel,
                    InputFile.FromStream(content, document.Name),
                    disableContentTypeDetection: true,
                    disableNotification: true,
                    cancellationToken: cancellationToken
                );
            },
            cancellationToken
        );
        return lane.Bot.ReceiptOf(message, document.Content.Length)
            ?? throw TelegramReply.Transient("sendDocument", "answered without the document it stored");
    }

    /// <inheritdoc/>
    public async Task<ChunkReceipt> ForwardAsync(ChunkReceipt source, CancellationToken cancellationToken)
    {
        var (lane, copy) = await _lanes.PostAsync(
            _lanes.Next,
            new Posting("forwardMessage", File: source.FileUniqueId),
            Forwarding.Of(source.ChatId, source.MessageId, cancellationToken),
            cancellationToken
        );
        var forwarded = ReceiptOf(copy, lane, source);
        // What is forwarded is the same file, which has one such id for all bots.
        if (forwarded.FileUniqueId == source.FileUniqueId)
            return forwarded;
        await DeleteCopyAsync(forwarded);
        throw new ChunkStoreException(
            ChunkStoreFailure.Gone,
            $"Message {source.MessageId} of channel {source.ChatId} holds another document than it did."
        );
    }

    /// <inheritdoc/>
    public async Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (destination.IsEmpty)
            return;
        if (receipt.IsNowhere)
            throw new ChunkStoreException(ChunkStoreFailure.Gone, "The document is in no channel.");
        var key = (receipt.ChatId, receipt.MessageId);
        if (_gone.TryGet(key, out var why))
        {
            await Task.Delay(GoneHold, _time, cancellationToken);
            throw new ChunkStoreException(ChunkStoreFailure.Gone, why);
        }

        var current = _healed.TryGet(key, out var known) ? known : receipt;
        if (_bots.Find(current.BotId) is { } bot)
        {
            try
            {
                if (await DownloadAsync(bot, current, offset, destination, cancellationToken))
                {
                    ForgetUnavailable(key);
                    return;
                }

                if (await CountUnavailableAsync(key, cancellationToken) < UnavailableBeforeHealing)
                    throw TelegramReply.Withheld("getFile", "says that the document is unavailable for now");
            }
            catch (ChunkStoreException failure) when (failure.Failure == ChunkStoreFailure.Gone)
            {
                // The file id is no good, which says nothing about the message.
            }

            _healed.Remove(key, current);
        }

        var healed = await FindAsync(key, receipt, cancellationToken);
        if (!await DownloadAsync(_bots.Find(healed.BotId)!, healed, offset, destination, cancellationToken))
            throw TelegramReply.Withheld("getFile", "says that the document is unavailable for now");
        ForgetUnavailable(key);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.IsNowhere)
            return true;
        var bot = _bots.Find(receipt.BotId) ?? _bots.All[0];
        try
        {
            await bot.Client.DeleteMessage(receipt.ChatId, receipt.MessageId, cancellationToken);
            return true;
        }
        catch (ApiRequestException refusal)
            when (refusal.ErrorCode == 400 && refusal.Message.Contains("message to delete not found", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        catch (ApiRequestException refusal)
            when (refusal.ErrorCode == 400 && refusal.Message.Contains("message can't be deleted", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        catch (ApiRequestException refusal) when (refusal.ErrorCode is 400 or 403 && !_channels.Contains(receipt.ChatId))
        {
            // A channel of an earlier time, which is gone or which no bot is in any more.
            return false;
        }
        catch (Exception exception)
        {
            throw TelegramReply.FailureOf(exception, "deleteMessage", cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Forget(ChunkReceipt receipt)
    {
        var key = (receipt.ChatId, receipt.MessageId);
        if (_gone.TryGet(key, out var why))
            _gone.Remove(key, why);
        if (_healed.TryGet(key, out var healed))
        {
            _links.Forget(healed.BotId, healed.FileId);
            _healed.Remove(key, healed);
        }

        _links.Forget(receipt.BotId, receipt.FileId);
        ForgetUnavailable(key);
    }

    /// <inheritdoc/>
    public async Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken)
    {
        var client = (_bots.Find(receipt.BotId) ?? _bots.All[0]).Client;
        try
        {
            await client.PinChatMessage(receipt.ChatId, receipt.MessageId, disableNotification: true, cancellationToken: cancellationToken);
            if (former is not null && former.MessageId != receipt.MessageId)
                await UnpinAsync(client, former, cancellationToken);
        }
        catch (Exception exception)
        {
            throw TelegramReply.FailureOf(exception, "pinChatMessage", cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken)
    {
        var lane = _lanes.First;
        try
        {
            var chat = await lane.Bot.Client.GetChat(lane.Channel, cancellationToken);
            return chat.PinnedMessage is { Document: { } document } pinned
                ? lane.Bot.ReceiptOf(pinned, checked((int)(document.FileSize ?? 0)))
                : null;
        }
        catch (Exception exception)
        {
            throw TelegramReply.FailureOf(exception, "getChat", cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LaneStatus> Lanes => [.. _lanes.All.Select(lane => new LaneStatus(lane.Bot.Id, lane.Channel, lane.Pace.Paused))];

    /// <inheritdoc/>
    public TimeSpan TimeFor(long messages) => _lanes.TimeFor(messages);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        var problems = await TelegramCheck.RunAsync(_bots.All, _channels, ChannelsSetting, cancellationToken);
        return _channels.All(_lanes.IsFull) ? [.. problems, _lanes.FullMessage] : problems;
    }

    public void Dispose()
    {
        _links.Dispose();
        _healed.Dispose();
        _unavailable.Dispose();
        _gone.Dispose();
        _bots.Dispose();
    }

    /// <summary>Seekable: with a length it is sent with Content-Length and never buffered a second time.</summary>
    static MemoryStream StreamOf(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : throw new UnreachableException("bug: a document is no array");

    static async Task UnpinAsync(TelegramBotClient client, ChunkReceipt former, CancellationToken cancellationToken)
    {
        try
        {
            await client.UnpinChatMessage(former.ChatId, former.MessageId, cancellationToken: cancellationToken);
        }
        catch (ApiRequestException refusal) when (refusal.ErrorCode is 400 or 403)
        {
            // It is not pinned any more, not there, or in a channel that is gone: what was wanted.
        }
    }

    /// <summary>False where Telegram says that the file id is wrong or the file temporarily unavailable.</summary>
    async Task<bool> DownloadAsync(
        TelegramBot bot,
        ChunkReceipt receipt,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await _links.GetAsync(bot, receipt.FileId, cancellationToken) is not { } path)
                return false;
            if (
                await DocumentDownload.TryReadAsync(
                    _bots.Http,
                    $"{bot.FileUrl}/{path}",
                    offset,
                    destination,
                    receipt.SealedLengthBytes,
                    StallLimit,
                    cancellationToken
                )
            )
                return true;
            _links.Forget(bot, receipt.FileId, path);

            // Fresh links are seen to fail at times (tdlib/telegram-bot-api#42, #779): that passes, so it is no lost document.
            if (attempt == 2)
                throw TelegramReply.Withheld("downloading a document", "does not accept the link it just gave");
            _logger.LinkRenewed(receipt.ChatId, receipt.MessageId);
        }
    }

    async Task<ChunkReceipt> FindAsync((long, int) key, ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            return await _healed.GetAsync(key, _ => HealAsync(receipt, CancellationToken.None), cancellationToken);
        }
        catch (ChunkStoreException failure) when (failure.Failure == ChunkStoreFailure.Gone)
        {
            await _gone.GetAsync(key, _ => Task.FromResult(failure.Message), CancellationToken.None);
            throw;
        }
    }

    async ValueTask<int> CountUnavailableAsync((long, int) key, CancellationToken cancellationToken)
    {
        var count = await _unavailable.GetAsync(key, _ => Task.FromResult(new StrongBox<int>()), cancellationToken);
        return Interlocked.Increment(ref count.Value);
    }

    void ForgetUnavailable((long, int) key)
    {
        if (_unavailable.TryGet(key, out var count))
            _unavailable.Remove(key, count);
    }

    /// <summary>
    /// Finds a document again by its message: a forwarded copy carries a file id for the bot that forwards; the copy is deleted.
    /// </summary>
    async Task<ChunkReceipt> HealAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        // A viewer waits for it, mostly.
        var lane = _lanes.SoonestIn(receipt.ChatId) ?? _lanes.Next();
        var copy = await _lanes.PostAheadAsync(
            lane,
            new Posting("forwardMessage", File: receipt.FileUniqueId),
            Forwarding.Of(receipt.ChatId, receipt.MessageId, cancellationToken),
            cancellationToken
        );
        var forwarded = ReceiptOf(copy, lane, receipt);
        var healed = receipt with { BotId = forwarded.BotId, FileId = forwarded.FileId };
        _logger.DocumentHealed(receipt.ChatId, receipt.MessageId, healed.BotId);
        await DeleteCopyAsync(forwarded);
        return healed;
    }

    static ChunkReceipt ReceiptOf(Message copy, Lane lane, ChunkReceipt receipt) =>
        lane.Bot.ReceiptOf(copy, receipt.SealedLengthBytes)
        ?? throw new ChunkStoreException(
            ChunkStoreFailure.Gone,
            $"Message {receipt.MessageId} of channel {receipt.ChatId} holds no document any more."
        );

    // Also where everything stops just now: nobody else knows of the copy.
    async Task DeleteCopyAsync(ChunkReceipt forwarded)
    {
        try
        {
            await DeleteAsync(forwarded, CancellationToken.None);
        }
        catch (ChunkStoreException failure)
        {
            // The document was found, which is what counts; upkeep deletes the copy.
            _logger.CopyLeft(forwarded.ChatId, forwarded.MessageId, failure.Message);
            await (Discarded?.AddAsync(forwarded, CancellationToken.None) ?? Task.CompletedTask);
        }
    }
}
