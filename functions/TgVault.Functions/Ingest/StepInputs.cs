using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Functions.Ingest;

// What activities are told, where it is more than the run. The task hub keeps these in clear: ids and numbers only.

/// <param name="Ordinal">Which chunk, counted over all files of the attempt; 0 for a step of the whole video.</param>
public sealed record StepCall(IngestRun Run, IngestStep Step, int Ordinal);

public sealed record FailedIngest(IngestRun Run, string Reason);

public sealed record IngestReport(IngestRun Run, IngestStage Stage, int ChunksDone);

/// <summary>What an instance shows as its status while it runs.</summary>
public sealed record IngestStatus(string Video, int Attempt, string Stage, int ChunksDone, int ChunksTotal);
