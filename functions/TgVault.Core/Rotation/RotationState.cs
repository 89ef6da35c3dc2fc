namespace TgVault.Core.Rotation;

/// <summary>How far a rotation of the master secret is. Names are stored: they may be added to, not changed.</summary>
public enum RotationStage
{
    /// <summary>The keys of videos are wrapped anew, and their manifests posted anew.</summary>
    Videos,

    /// <summary>The catalogue is freed from what is sealed under a former version.</summary>
    Catalogue,

    /// <summary>Nothing is sealed under a former version any more that the vault refers to.</summary>
    Done,
}

/// <summary>What the vault remembers of the rotation of its master secret, the newest one.</summary>
public sealed record RotationState
{
    /// <summary>The version of the vault key that everything comes under.</summary>
    public required int Version { get; init; }

    /// <summary>How far it is.</summary>
    public RotationStage Stage { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>When it was done; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Videos whose keys were wrapped anew.</summary>
    public int Videos { get; init; }

    /// <summary>What it waits for, one sentence for a person; null where it goes on by itself.</summary>
    public string? Waiting { get; init; }

    /// <summary>The last video that this pass went through; null where the next is the first.</summary>
    internal VideoId? After { get; init; }

    /// <summary>Whether this pass has changed anything: then another must follow it.</summary>
    internal bool HasChanged { get; init; }

    /// <summary>A video that this pass could not wrap anew; null where it met none.</summary>
    internal VideoId? Stuck { get; init; }
}
