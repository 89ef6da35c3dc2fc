using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Functions.Ingest;

// What activities are told, where it is more than the run. The task hub keeps these in clear: ids and numbers only.

public sealed record ChunkStep(IngestRun Run, int Chunk);

public sealed record FailedIngest(IngestRun Run, string Reason);

public sealed record IngestReport(IngestRun Run, IngestStage Stage, int ChunksDone);

/// <summary>What an instance shows as its status while it runs.</summary>
public sealed record IngestStatus(string Video, int Attempt, string Stage, int ChunksDone, int ChunksTotal);
