using TgVault.Core.Telegram;

namespace TgVault.Cli.Local;

/// <summary>Asks Telegram at start whether the vault can store anything: a wrong token shows now, and not at the first upload.</summary>
static class TelegramAtStart
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>One sentence per problem, which says what to do; none where all is well.</summary>
    public static async Task<IReadOnlyList<string>> AskAsync(ITelegramStatus telegram, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestWait);
        try
        {
            return await telegram.CheckAsync(limit.Token);
        }
#pragma warning disable CA1031 // Whatever a call that was given up ends in.
        catch (Exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return
            [
                $"Telegram did not answer within {LongestWait.TotalSeconds:0} seconds: check this machine's connection, and "
                    + "TgVault__Telegram__BaseUrl where it is set.",
            ];
        }
    }
}
