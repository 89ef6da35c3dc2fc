namespace TgVault.Core.Ingest;

/// <summary>What a blob event says: this upload, in this version, has arrived.</summary>
/// <param name="BlobName">The blob in staging.</param>
/// <param name="ETag">Its version, in quotes.</param>
/// <param name="Unfinished">
/// Set where no event but a row that says ingesting is the reason to look: that row is given up if its upload is gone.
/// </param>
public sealed record IngestRequest(string BlobName, string ETag, VideoId? Unfinished = null);

/// <summary>One attempt at one video; what every step is told.</summary>
public sealed record IngestRun(VideoId Video, int Attempt);

/// <summary>What claiming found.</summary>
/// <param name="Run">The attempt to go on with; null where there is nothing to do.</param>
/// <param name="Reason">One sentence, for the log.</param>
/// <param name="Committed">The video is ready and only cleaning up is left.</param>
public sealed record ClaimOutcome(IngestRun? Run, string Reason, bool Committed = false);
