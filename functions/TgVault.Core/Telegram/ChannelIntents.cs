using System.Collections.Immutable;
using Telegram.Bot;
using Telegram.Bot.Types;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;

namespace TgVault.Core.Telegram;

/// <summary>
/// What was about to be posted in these channels, and looks at what their messages hold: a bot cannot read a message, but it can forward it
/// within the channel, and the copy, which is deleted at once, says what it is.
/// </summary>
/// <param name="lanes">Post the copies.</param>
/// <param name="intents">The notes of all stores; null: nothing is noted.</param>
/// <param name="channels">Whose notes are this store's.</param>
/// <param name="delete">Deletes a copy, or records that it could not.</param>
sealed class ChannelIntents(PostingLanes lanes, PostIntents? intents, ImmutableArray<long> channels, Func<ChunkReceipt, Task> delete)
    : IPostIntents
{
    public async Task<List<PostIntent>> ListUnknownAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Where(noted => noted.IsUnknown).Select(noted => noted.Intent)];

    public async Task<int> CountAsync(CancellationToken cancellationToken) => (await ListAsync(cancellationToken)).Count();

    public async Task<bool> IsUnderWayAsync(PostIntent copy, CancellationToken cancellationToken) =>
        intents is not null
        && (await intents.ListAsync(cancellationToken)).Exists(noted => !noted.IsUnknown && noted.Intent.File == copy.File);

    public int NewestIn(long chat) => lanes.NewestIn(chat);

    public Task<PostIntent> BoundAsync(PostIntent intent, int newest, CancellationToken cancellationToken) =>
        intents?.BoundAsync(intent, newest, cancellationToken) ?? Task.FromResult(intent.Bound(newest));

    public async Task<FoundDocument?> LookAsync(PostIntent intent, int message, CancellationToken cancellationToken)
    {
        var lane =
            lanes.All.FirstOrDefault(lane => lane.Channel == intent.ChatId && lane.Bot.Id == intent.BotId)
            ?? lanes.SoonestIn(intent.ChatId)!;
        Message copy;
        try
        {
            (_, copy) = await lanes.PostAsync(
                () => lane,
                new Posting("forwardMessage", Source: message),
                Forwarding.Of(intent.ChatId, message, cancellationToken),
                cancellationToken
            );
        }
        catch (ChunkStoreException failure) when (failure.Failure != ChunkStoreFailure.Transient)
        {
            // Deleted, or a message such as "pinned this", which nobody can forward.
            return null;
        }

        if (lane.Bot.ReceiptOf(copy, checked((int)(copy.Document?.FileSize ?? 0))) is not { } found)
            return null;
        // What was begun is finished: nobody else knows of the copy.
        await delete(found);
        return new FoundDocument(
            found with
            {
                MessageId = message,
            },
            copy.Document!.FileName ?? "",
            copy.ForwardOrigin is MessageOriginChannel origin && origin.Chat.Id == intent.ChatId ? origin.MessageId : message
        );
    }

    public Task ForgetAsync(PostIntent intent, CancellationToken cancellationToken) =>
        intents?.ForgetAsync(intent, cancellationToken) ?? Task.CompletedTask;

    public Task TidyAsync(CancellationToken cancellationToken) => intents?.TidyAsync(cancellationToken) ?? Task.CompletedTask;

    public Task EndAsync(CancellationToken cancellationToken) => intents?.EndAsync(cancellationToken) ?? Task.CompletedTask;

    async Task<IEnumerable<(PostIntent Intent, bool IsUnknown)>> ListAsync(CancellationToken cancellationToken) =>
        intents is null ? [] : (await intents.ListAsync(cancellationToken)).Where(noted => channels.Contains(noted.Intent.ChatId));
}

/// <summary>Has Telegram copy a message into a lane's channel.</summary>
static class Forwarding
{
    public static Func<Lane, Task<Message>> Of(long chat, int message, CancellationToken cancellationToken) =>
        lane =>
            lane.Bot.Client.ForwardMessage(lane.Channel, chat, message, disableNotification: true, cancellationToken: cancellationToken);
}
