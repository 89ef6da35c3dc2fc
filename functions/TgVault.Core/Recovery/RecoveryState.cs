namespace TgVault.Core.Recovery;

/// <summary>How far a vault is that began on a channel with a library. Names are stored: they may be added to, not changed.</summary>
enum RecoveryStage
{
    /// <summary>The channel has videos that the tables do not know; nobody has recovered them yet.</summary>
    Found,

    /// <summary>A recovery began, and has not ended.</summary>
    Running,

    /// <summary>A recovery went through all of it, and some videos could not be recovered.</summary>
    Partial,

    /// <summary>Every video of the catalogue is in the tables.</summary>
    Done,
}

/// <summary>What the vault remembers of its recovery.</summary>
public sealed record RecoveryState
{
    /// <summary>How far it is.</summary>
    internal RecoveryStage Stage { get; init; }

    /// <summary>How many videos the catalogue names; before a recovery began, at most so many.</summary>
    public long Videos { get; init; }

    /// <summary>How many of them could not be recovered, by the last recovery that went through.</summary>
    public long Failed { get; init; }

    /// <summary>Whether nothing is left to be done.</summary>
    public bool IsDone => Stage == RecoveryStage.Done;

    /// <summary>One sentence for a person: what is missing, without what to do.</summary>
    public string Told =>
        Stage switch
        {
            RecoveryStage.Found =>
                $"The channel, or a replica, holds a library of {(Videos == 1 ? "one video" : $"up to {Videos} videos")} that is not in "
                    + "this storage.",
            RecoveryStage.Running => $"A recovery of {Counted} began here and has not ended.",
            RecoveryStage.Partial => $"{Failed} of {Counted} of the library could not be recovered.",
            _ => $"The library of {Counted} was recovered.",
        };

    string Counted => Videos == 1 ? "1 video" : $"{Videos} videos";
}
