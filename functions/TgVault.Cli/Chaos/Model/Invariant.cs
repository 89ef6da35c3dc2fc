namespace TgVault.Cli.Chaos.Model;

/// <summary>What has to hold whatever happens.</summary>
enum Invariant
{
    Bytes,
    Answers,
    Uploads,
    Process,
    Final,
    Retry,
    Equal,
    Edits,
    Gone,
    Referred,
    LeftOver,
    Clean,
    Memory,
    Mended,
    Recovery,
}

static class Invariants
{
    /// <summary>In words.</summary>
    public static string Text(this Invariant invariant) =>
        invariant switch
        {
            Invariant.Bytes => "no wrong byte was sent",
            Invariant.Answers => "every answer was one that may come",
            Invariant.Uploads => "what was acknowledged of an upload was kept",
            Invariant.Process => "the vault ran until it was stopped, and came up again",
            Invariant.Final => "every upload ended ready or failed",
            Invariant.Retry => "what had failed became ready by a retry",
            Invariant.Equal => "every video equals its source",
            Invariant.Edits => "what was edited is as acknowledged",
            Invariant.Gone => "what was removed is gone, and so are revoked links",
            Invariant.Referred => "every document that is referred to is in the channel",
            Invariant.LeftOver => "no document is left over but what is recorded",
            Invariant.Clean => "no temporary file and no process was left",
            Invariant.Memory => "the vault's memory stayed bounded",
            Invariant.Mended => "what was lost of one copy was made anew from the other",
            Invariant.Recovery => "recovery from the channel, and from the replica, gave the same library",
            _ => throw new ArgumentOutOfRangeException(nameof(invariant)),
        };
}
