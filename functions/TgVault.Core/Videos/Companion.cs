using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Videos;

/// <summary>What a companion is for. Names are stored: they may be added to, not changed.</summary>
public enum CompanionKind
{
    /// <summary>The MP4 index of the file that it belongs to.</summary>
    Index,

    /// <summary>The same pictures at another size.</summary>
    Rendition,

    /// <summary>Text beside the pictures, as WebVTT.</summary>
    Captions,

    /// <summary>The sound of a file that is no MP4, as one: what HLS and DASH play.</summary>
    Sound,

    /// <summary>The picture that stands for the video, in some sizes.</summary>
    Poster,

    /// <summary>Small pictures of the whole video on sheets, and the text that says which is of when.</summary>
    Storyboard,
}

/// <summary>Where a companion stands. Names are stored: they may be added to, not changed.</summary>
public enum CompanionState
{
    /// <summary>Staged; not all of it is stored yet.</summary>
    Waiting,

    /// <summary>Stored and in the manifest.</summary>
    Stored,

    /// <summary>Not there; <see cref="Companion.Failure"/> says why. The video plays without it.</summary>
    Failed,

    /// <summary>Taken out; its documents are still to be removed.</summary>
    Leaving,
}

/// <summary>
/// A file stored beside a video's prepared file. It is cut, sealed, sent, read back and removed like it, under a data key of its own. Its
/// chunks have the numbers from <see cref="Number"/> times <see cref="ChunkPlan.MaxChunks"/> on, so no two files share one.
/// </summary>
public sealed record Companion
{
    /// <summary>The largest number: that many can be made in one attempt, removed ones included.</summary>
    public const int MaxNumber = 9_999;

    /// <summary>How many a video may have at once: what its row has room for.</summary>
    public const int MaxPerVideo = 128;

    /// <summary>What it is for.</summary>
    public required CompanionKind Kind { get; init; }

    /// <summary>
    /// From 1. Given out once per attempt and never again, so that cached bytes and records cannot be taken for those of another.
    /// </summary>
    public required int Number { get; init; }

    /// <summary>The number of the file that it belongs to; 0 is the prepared file.</summary>
    public int Of { get; init; }

    /// <summary>A language tag (BCP 47); empty where it has none.</summary>
    public string Language { get; init; } = "";

    /// <summary>What people call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its media type (RFC 2046).</summary>
    public required string ContentType { get; init; }

    /// <summary>0 where it failed before there was anything.</summary>
    public long LengthBytes { get; init; }

    /// <summary>Null for what is not media.</summary>
    public MediaSummary? Media { get; init; }

    /// <summary>Where its bytes lie in staging; empty once they are stored and cleaned up.</summary>
    public ImmutableArray<Extent> Extents { get; init; } = [];

    /// <summary>Where it stands.</summary>
    public CompanionState State { get; init; }

    public ChunkPlan? Plan { get; init; }

    /// <summary>Null before it is planned, and once it is leaving: then nobody opens it again.</summary>
    public WrappedKey? Key { get; init; }

    /// <summary>One sentence for a person.</summary>
    public string? Failure { get; init; }

    /// <summary>Taken out: nobody opens it again, and its documents are to go.</summary>
    public Companion Leaving() => this with { State = CompanionState.Leaving, Key = null };

    /// <summary>
    /// Whether one takes the other's place. A video has one companion of each kind, file, language and name; captions go by their language
    /// alone, and there is one poster, whoever chose it.
    /// </summary>
    public bool HasPlaceOf(Companion other) =>
        Kind == other.Kind
        && Of == other.Of
        && Language == other.Language
        && (Kind is CompanionKind.Captions or CompanionKind.Poster || Name == other.Name);
}
