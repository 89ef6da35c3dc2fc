using Microsoft.Extensions.Logging;
using Telegram.Bot;
using Telegram.Bot.Types;
using TgVault.Core.Chunks;
using TgVault.Core.Settings;

namespace TgVault.Core.Telegram;

/// <summary>
/// Looks at messages of the first channel through the first bot. A bot cannot list a channel: it forwards the message within the channel,
/// and the copy, which is deleted at once, says what it holds.
/// </summary>
sealed class ChannelMessages(TelegramSettings settings, TimeProvider time, ILogger<ChannelMessages> logger) : IChannelMessages, IDisposable
{
    readonly TelegramBots _bots = new(settings);

    PostingLanes Lanes => field ??= new PostingLanes(_bots, settings, shared: null, time, logger);

    public async Task<int> FindEndAsync(CancellationToken cancellationToken)
    {
        var (lane, probe) = await RetryAsync(
            "sendDocument",
            async lane =>
            {
                using var content = new MemoryStream([0]);
                return await lane.Bot.Client.SendDocument(
                    lane.Channel,
                    InputFile.FromStream(content, DocumentName.Random()),
                    disableContentTypeDetection: true,
                    disableNotification: true,
                    cancellationToken: cancellationToken
                );
            },
            cancellationToken
        );
        await DeleteAsync(lane, probe.Id, cancellationToken);
        return probe.Id;
    }

    public async Task<ChunkReceipt?> FindDocumentAsync(int message, CancellationToken cancellationToken)
    {
        Lane lane;
        Message copy;
        try
        {
            (lane, copy) = await RetryAsync(
                "forwardMessage",
                lane => Forwarding.Of(lane.Channel, message, cancellationToken)(lane),
                cancellationToken
            );
        }
        // Deleted, or a message such as "pinned this", which nobody can forward.
        catch (ChunkStoreException failure) when (failure.Failure != ChunkStoreFailure.Transient)
        {
            return null;
        }

        await DeleteAsync(lane, copy.Id, cancellationToken);
        return copy.Document is { FileSize: > 0 and <= int.MaxValue } document
            ? new ChunkReceipt(lane.Bot.Id, lane.Channel, message, document.FileId, document.FileUniqueId, (int)document.FileSize)
            : null;
    }

    public void Dispose() => _bots.Dispose();

    async Task<(Lane Lane, Message Message)> RetryAsync(string call, Func<Lane, Task<Message>> post, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Lanes.PostAsync(() => Lanes.First, new Posting(call), post, cancellationToken);
            }
            catch (ChunkStoreException failure) when (failure.Failure == ChunkStoreFailure.Transient && attempt < settings.Attempts)
            {
                await Task.Delay(failure.RetryAfter ?? TimeSpan.FromSeconds(attempt), time, cancellationToken);
            }
        }
    }

    async Task DeleteAsync(Lane lane, int message, CancellationToken cancellationToken)
    {
        try
        {
            await lane.Bot.Client.DeleteMessage(lane.Channel, message, cancellationToken);
        }
        catch (Exception exception)
        {
            // A copy that stays does no harm but that the channel has one message more.
            var failure = TelegramReply.FailureOf(exception, "deleteMessage", cancellationToken);
            if (failure is OperationCanceledException)
                throw failure;
            logger.CopyLeft(lane.Channel, message, failure.Message);
        }
    }
}
