using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Videos;

/// <summary>One stored file: the row that uploading, ingest, upkeep and playback share. Its parts are the roles that write it.</summary>
public sealed record Video
{
    /// <summary>Its id, which also says when it was announced.</summary>
    public required VideoId Id { get; init; }

    /// <summary>What a person says about it.</summary>
    public required VideoDetails Details { get; init; }

    /// <summary>The file that was announced and then uploaded.</summary>
    public required VideoUpload Upload { get; init; }

    /// <summary>Where it stands between announced and removed.</summary>
    public required VideoLife Life { get; init; }

    /// <summary>What inspecting found and decided.</summary>
    public VideoInspection Inspection { get; init; } = new();

    /// <summary>What is cut, sealed and stored.</summary>
    public VideoFiles Files { get; init; } = new();

    /// <summary>The manifest in the channel, and how far behind the row it is.</summary>
    public VideoManifests Manifests { get; init; } = new();

    /// <summary>The epoch of its links, from 0: those made in an earlier one are revoked.</summary>
    public int LinkEpoch { get; init; }

    /// <summary>What happened to it and was not handed on yet to those who are to be told, the oldest first.</summary>
    public ImmutableArray<LifeEvent> Untold { get; init; } = [];

    /// <summary>When its ingest ended well; null before, and of what an earlier version stored or a recovery brought back.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>When the row was last written for a reason that a person would name.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Changes with every write of the row; empty on one not yet stored.</summary>
    public string RowVersion { get; init; } = "";

    /// <summary>When its id was made.</summary>
    public DateTimeOffset Created => Id.Created;

    /// <summary>Whether the row asks for work: what a restart has to take up again.</summary>
    public bool IsUnfinished =>
        Life.Status is VideoStatus.Ingesting or VideoStatus.Deleting || (IsStored && Life.Stage == IngestStage.CleaningUp) || NeedsAmending;

    /// <summary>Whether all of it is in the channel, to be played or to be brought back from the trash.</summary>
    public bool IsStored => Life.Status is VideoStatus.Ready or VideoStatus.Trashed;

    /// <summary>Whether it is in the lists that people look through. What was in the trash is in none while it is removed.</summary>
    public bool IsListed => Life.TrashedUntil is null;

    /// <summary>
    /// Whether there is anything to do to bring what is stored up to the row. Also in the trash, for a recovery brings back what lay there,
    /// with the captions that were taken just before; only what is made of the stored film waits for it to come back.
    /// </summary>
    public bool NeedsAmending =>
        IsStored
        && Life.Stage == IngestStage.Done
        && (
            Manifests.IsStale
            || Manifests.Former.Length > 0
            || Files.Companions.Any(IsToBeStoredOrLeaves)
            || (Life.Status == VideoStatus.Ready && (Files.WantsPictures || Files.WantsUpload))
        );

    static bool IsToBeStoredOrLeaves(Companion companion) =>
        companion.State is CompanionState.Waiting or CompanionState.Leaving || companion.Extents.Length > 0;
}

/// <summary>What a person says about a video, when uploading and later.</summary>
public sealed record VideoDetails
{
    /// <summary>The name it was uploaded under: free text of a person, never a path; see <see cref="VideoName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The one folder that it is in; empty: none.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What it is tagged with, each tag once.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Free text; may be empty.</summary>
    public string Description { get; init; } = "";
}

/// <summary>The file as its owner has it.</summary>
public sealed record VideoUpload
{
    /// <summary>Bytes announced, then bytes uploaded.</summary>
    public long SizeBytes { get; init; }

    /// <summary>What a file is where nobody says (RFC 2046, 4.5.1).</summary>
    public const string UnknownType = "application/octet-stream";

    /// <summary>The media type that its owner gave (RFC 2046).</summary>
    public string ContentType { get; init; } = UnknownType;

    /// <summary>The upload that ingest works on or worked on; null until one was seen.</summary>
    public StagedBlob? Source { get; init; }

    /// <summary>
    /// SHA-256 of the upload as it arrived, 64 lower-case hex digits; null until it was prepared, and of what an earlier version stored.
    /// </summary>
    public string? Sha256 { get; init; }
}

/// <summary>What inspecting found in the upload, and what it decided to do with it; empty before.</summary>
public sealed record VideoInspection
{
    /// <summary>What is done with the upload, and why; null before it was inspected.</summary>
    public MediaDecision? Decision { get; init; }

    /// <summary>What the upload holds; null where it is no media.</summary>
    public MediaSummary? Media { get; init; }
}

/// <summary>The files of one attempt: the prepared file and the companions beside it.</summary>
public sealed record VideoFiles
{
    /// <summary>The file that is stored and played; null before it is made.</summary>
    public PreparedFile? Prepared { get; init; }

    /// <summary>How the prepared file is cut; null before it is planned.</summary>
    public ChunkPlan? Plan { get; init; }

    /// <summary>The prepared file's data key, wrapped; null before it is planned, and once the video is being removed.</summary>
    public WrappedKey? Key { get; init; }

    /// <summary>What is stored beside the prepared file, in the order of numbers.</summary>
    public ImmutableArray<Companion> Companions { get; init; } = [];

    /// <summary>The largest companion number given out in this attempt; 0 before the first.</summary>
    public int LastCompanion { get; init; }

    /// <summary>Whether poster and storyboard are to be made of what is stored.</summary>
    public bool WantsPictures { get; init; }

    /// <summary>Whether what is stored is to be staged as its upload again, and that to be ingested anew.</summary>
    public bool WantsUpload { get; init; }
}

/// <summary>The sealed manifests of a video in the channel.</summary>
public sealed record VideoManifests
{
    /// <summary>Where the newest lies; set once committed.</summary>
    public ChunkReceipt? Newest { get; init; }

    /// <summary>The row says more than the newest; another is to be posted.</summary>
    public bool IsStale { get; init; }

    /// <summary>Those that <see cref="Newest"/> took the place of and that may still be in the channel or the catalogue.</summary>
    public ImmutableArray<ChunkReceipt> Former { get; init; } = [];

    /// <summary>Where the row changes in what a manifest says: another is to follow. Of none yet the first one will say it.</summary>
    public VideoManifests Outdated() => this with { IsStale = IsStale || Newest is not null };

    /// <summary>With what is newest now among the former ones.</summary>
    public VideoManifests Superseded() => new() { Former = Newest is { } newest ? Former.Add(newest) : Former };
}
