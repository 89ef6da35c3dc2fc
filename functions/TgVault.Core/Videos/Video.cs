using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Staging;

namespace TgVault.Core.Videos;

public enum VideoStatus
{
    /// <summary>Announced; the upload has not been seen yet, or a retry was asked for.</summary>
    Waiting,

    /// <summary>Being inspected, prepared, sent or committed; <see cref="Video.Stage"/> says which.</summary>
    Ingesting,

    /// <summary>Every chunk is stored and was read back; it plays.</summary>
    Ready,

    /// <summary><see cref="Video.Failure"/> says why and what to do; the staged blob is kept.</summary>
    Failed,

    /// <summary>Being removed.</summary>
    Deleting,
}

/// <summary>The step of ingest that is under way or was reached last.</summary>
public enum IngestStage
{
    None,
    Inspecting,
    Preparing,
    Sending,
    Verifying,
    Committing,
    CleaningUp,
    Done,
}

/// <summary>The bytes that get chunked, as pieces of blobs in order, and what they hold.</summary>
public sealed record PreparedFile
{
    public required ImmutableArray<Extent> Extents { get; init; }

    public required long LengthBytes { get; init; }

    /// <summary>What players are told it is: <c>video/mp4</c> for a playable file, the upload's own type otherwise.</summary>
    public required string ContentType { get; init; }

    /// <summary>Null for a file that is not media.</summary>
    public MediaSummary? Media { get; init; }
}

/// <summary>How far ingest is. Rates are over the time since <see cref="Started"/>.</summary>
public sealed record IngestProgress
{
    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public int ChunksDone { get; init; }

    public int ChunksTotal { get; init; }

    public long BytesDone { get; init; }

    public long BytesTotal { get; init; }

    /// <summary>Null until something was sent.</summary>
    public double? BytesPerSecond => BytesDone > 0 && Updated > Started ? BytesDone / (Updated - Started).TotalSeconds : null;

    /// <summary>Null where no rate is known yet, or one so slow that it says nothing (over 30 years left).</summary>
    public TimeSpan? Remaining =>
        BytesPerSecond is { } rate && (BytesTotal - BytesDone) / rate is < 1e9 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}

/// <summary>One stored file: the row that uploading, ingest and playback share.</summary>
public sealed record Video
{
    public required VideoId Id { get; init; }

    /// <summary>The name it was uploaded under: free text of a person, never a path; see <see cref="VideoName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes announced, then bytes uploaded.</summary>
    public long SizeBytes { get; init; }

    public string ContentType { get; init; } = "application/octet-stream";

    public string Folder { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    public string Description { get; init; } = "";

    public VideoStatus Status { get; init; }

    public IngestStage Stage { get; init; }

    public DateTimeOffset Updated { get; init; }

    /// <summary>The upload that ingest works on or worked on; null until one was seen.</summary>
    public StagedBlob? Source { get; init; }

    /// <summary>Counts ingest attempts from 1; 0 before the first. Chunks belong to one attempt.</summary>
    public int Attempt { get; init; }

    public MediaDecision? Decision { get; init; }

    public MediaSummary? Inspected { get; init; }

    public PreparedFile? Prepared { get; init; }

    public ChunkPlan? Chunks { get; init; }

    public WrappedKey? Key { get; init; }

    /// <summary>What is stored beside the prepared file, in the order of numbers.</summary>
    public ImmutableArray<Companion> Companions { get; init; } = [];

    /// <summary>The largest companion number given out in this attempt; 0 before the first.</summary>
    public int LastCompanion { get; init; }

    public IngestProgress? Progress { get; init; }

    /// <summary>One sentence for a person: what went wrong and what to do.</summary>
    public string? Failure { get; init; }

    /// <summary>Where the sealed manifest lies; set once committed.</summary>
    public ChunkReceipt? Manifest { get; init; }

    /// <summary>The row says more than the manifest; a new one is to be posted.</summary>
    public bool IsManifestStale { get; init; }

    /// <summary>Manifests that <see cref="Manifest"/> took the place of and that may still be in the channel or the catalogue.</summary>
    public ImmutableArray<ChunkReceipt> FormerManifests { get; init; } = [];

    /// <summary>Whether there is anything to do to bring what is stored of a ready video up to its row.</summary>
    public bool NeedsAmending =>
        this is { Status: VideoStatus.Ready, Stage: IngestStage.Done }
        && (
            IsManifestStale
            || FormerManifests.Length > 0
            || Companions.Any(companion =>
                companion.State is CompanionState.Waiting or CompanionState.Leaving || companion.Extents.Length > 0
            )
        );

    /// <summary>Changes with every write of the row; empty on one not yet stored.</summary>
    public string RowVersion { get; init; } = "";

    public DateTimeOffset Created => Id.Created;
}

/// <summary>One stored chunk: where it is, and the salt that its key comes from.</summary>
/// <param name="Index">Its number within the attempt: see <see cref="FileChunk.Number"/>.</param>
public sealed record ChunkRecord(int Index, int LengthBytes, ReadOnlyMemory<byte> Salt, ChunkReceipt Receipt);
