using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Core.Library;
using TgVault.Core.Orphans;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>
/// Looks into the rows of a vault that does not run: what they name has to be in the channel, and what is in the channel has to be named,
/// whether its answer ever reached the vault or not.
/// </summary>
sealed class ChannelCheck(StoppedVault stopped, VaultVictim vault, StandInVictim standIn, Tally tally)
{
    // From an answer to its row on the disk. A vault that was ended in good order had all its time.
    const long ToRecordMilliseconds = 3_000;

    /// <summary>How many videos ask for work, and how many documents may have been posted without the vault knowing.</summary>
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

                var searched = await services.GetRequiredService<OrphanSearch>().CountAsync(cancellationToken);
                if (searched > 0)
                    tally.Count("unfinished", "documents to look for", searched);
                return count + searched;
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
        foreach (var document in present.Values)
        {
            tally.Check(
                Invariant.LeftOver,
                named.ContainsKey((document.ChatId, document.MessageId)),
                () => $"message {document.MessageId}, {WhyNobodyKnows(document)}, is in the channel and in no row"
            );
        }
    }

    string WhyNobodyKnows(StandInDocument document)
    {
        if (document.Answered is not { } answered)
            return "never answered";
        var at = answered.ToUnixTimeMilliseconds();
        return $"answered at {answered:HH:mm:ss.fff}"
            + (vault.Ends.Any(end => at >= end.Since - ToRecordMilliseconds && at <= end.Until) ? " as the vault was ended" : "");
    }
}
