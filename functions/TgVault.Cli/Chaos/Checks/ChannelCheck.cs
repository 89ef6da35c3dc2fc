using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Core.Library;
using TgVault.Core.Recovery;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>
/// Looks into the rows of a vault that does not run: what they name has to be in the channel, and what is in the channel
/// has to be named. The exception is what nobody can name: a document whose answer did not reach the vault, or reached it just before it
/// was killed.
/// </summary>
sealed class ChannelCheck(StoppedVault stopped, VaultVictim vault, StandInVictim standIn, Tally tally)
{
    // From an answer to its row on the disk. A vault that was ended in good order had all its time.
    const long ToRecordMilliseconds = 3_000;

    /// <summary>How many videos ask for work.</summary>
    public Task<int> CountUnfinishedAsync(CancellationToken cancellationToken) =>
        stopped.AskAsync(
            async services =>
            {
                var count = 0;
                await foreach (var video in services.GetRequiredService<ILibrary>().ListUnfinishedAsync(cancellationToken))
                {
                    tally.Count("unfinished", $"{video.Life.Status}, {video.Life.Stage}");
                    count++;
                }

                return count;
            },
            cancellationToken
        );

    /// <summary>The chunks that are in use and in the channel, in the order of their messages; known once it ran.</summary>
    public IReadOnlyList<StandInDocument> Chunks { get; private set; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var named = await stopped.AskAsync(
            async services =>
            {
                var all = new Dictionary<(long, int), NamedDocument>();
                await foreach (var document in services.GetRequiredService<INamedDocuments>().ListAsync(cancellationToken))
                    all[(document.ChatId, document.MessageId)] = document;
                return all;
            },
            cancellationToken
        );
        var present = (await standIn.ListAsync(cancellationToken)).ToDictionary(document => (document.ChatId, document.MessageId));
        foreach (var document in named.Values)
        {
            var isThere = present.ContainsKey((document.ChatId, document.MessageId));
            tally.Count(
                "documents",
                document.Use == DocumentUse.LeftOver ? $"recorded as left over, {(isThere ? "there" : "gone")}" : "in use"
            );
            if (document.Use == DocumentUse.InUse)
                tally.Check(Invariant.Referred, isThere, () => $"message {document.MessageId}, {document.Owner}, is not in the channel");
            if (document.Use == DocumentUse.Stray)
                tally.Break(Invariant.LeftOver, $"message {document.MessageId} is {document.Owner}, which has no row");
        }

        Chunks =
        [
            .. present
                .Values.Where(document =>
                    named.GetValueOrDefault((document.ChatId, document.MessageId)) is { Use: DocumentUse.InUse, IsChunk: true }
                )
                .OrderBy(document => document.MessageId),
        ];
        foreach (var document in present.Values.Where(document => !named.ContainsKey((document.ChatId, document.MessageId))))
        {
            var why = WhyNobodyKnows(document);
            tally.Count("documents", why is null ? "left over" : $"left over, {why}");
            tally.Check(
                Invariant.LeftOver,
                why is not null,
                () => $"message {document.MessageId}, answered at {document.Answered:HH:mm:ss.fff}, is in the channel and in no row"
            );
        }
    }

    string? WhyNobodyKnows(StandInDocument document)
    {
        if (document.Answered is not { } answered)
            return "never answered";
        var at = answered.ToUnixTimeMilliseconds();
        return vault.Ends.Any(end => at >= end.Since - ToRecordMilliseconds && at <= end.Until) ? "the vault was ended" : null;
    }
}
