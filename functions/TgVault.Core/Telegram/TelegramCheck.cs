using Telegram.Bot;
using Telegram.Bot.Types;

namespace TgVault.Core.Telegram;

/// <summary>Whether bots and channels are set up as a vault needs them, in sentences that say what to do.</summary>
static class TelegramCheck
{
    /// <param name="setting">Which setting names the channels.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(
        IEnumerable<TelegramBot> bots,
        IEnumerable<long> channels,
        string setting,
        CancellationToken cancellationToken
    )
    {
        var problems = new List<string>();
        var ids = channels.ToList();
        foreach (var bot in bots)
        {
            if (!await TryAsync(problems, $"Bot {bot.Id}", setting, () => bot.Client.GetMe(cancellationToken), cancellationToken))
                continue;
            foreach (var channel in ids)
            {
                await TryAsync(
                    problems,
                    $"Bot {bot.Id} in channel {channel}",
                    setting,
                    async () =>
                    {
                        problems.AddRange(Missing(bot.Id, channel, await bot.Client.GetChatMember(channel, bot.Id, cancellationToken)));
                        return true;
                    },
                    cancellationToken
                );
            }
        }

        return problems;
    }

    static IEnumerable<string> Missing(long bot, long channel, ChatMember member)
    {
        if (member is ChatMemberOwner)
            yield break;
        if (member is not ChatMemberAdministrator rights)
        {
            yield return $"Bot {bot} is no administrator of channel {channel}: make it one, "
                + "with the rights to post, edit and delete messages.";
            yield break;
        }

        if (!rights.CanPostMessages)
            yield return $"Bot {bot} may not post in channel {channel}: give it the right to post messages.";
        if (!rights.CanEditMessages)
            yield return $"Bot {bot} may not pin in channel {channel}: give it the right to edit messages.";
        if (!rights.CanDeleteMessages)
            yield return $"Bot {bot} may not delete in channel {channel}: give it the right to delete messages.";
    }

    static async Task<bool> TryAsync<T>(
        List<string> problems,
        string who,
        string setting,
        Func<Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            problems.Add($"{who}: {Advise(TelegramReply.Classify(exception, "the check"), setting)}");
            return false;
        }
    }

    static string Advise(ChunkStoreException failure, string setting) =>
        failure switch
        {
            { Failure: ChunkStoreFailure.Transient, RetryAfter: null } => $"{failure.Message} Check this machine's connection, and "
                + "TgVault__Telegram__BaseUrl where it is set.",
            _ when failure.Message.Contains("chat not found", StringComparison.OrdinalIgnoreCase) =>
                $"{failure.Message} Check {setting}, and make the bot an administrator there.",
            _ => failure.Message,
        };
}
