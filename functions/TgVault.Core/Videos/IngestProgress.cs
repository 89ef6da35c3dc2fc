namespace TgVault.Core.Videos;

/// <summary>How far ingest is. Rates are over the time since <see cref="Started"/>.</summary>
public sealed record IngestProgress
{
    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Chunks sent or read back in this stage, of all files.</summary>
    public int ChunksDone { get; init; }

    /// <summary>Chunks of all files that this stage handles.</summary>
    public int ChunksTotal { get; init; }

    /// <summary>Plaintext bytes of the chunks that are done.</summary>
    public long BytesDone { get; init; }

    /// <summary>Plaintext bytes of all chunks of this stage.</summary>
    public long BytesTotal { get; init; }

    /// <summary>Null until something was sent.</summary>
    public double? BytesPerSecond => BytesDone > 0 && Updated > Started ? BytesDone / (Updated - Started).TotalSeconds : null;

    /// <summary>Null where no rate is known yet, or one so slow that it says nothing (over 30 years left).</summary>
    public TimeSpan? Remaining =>
        BytesPerSecond is { } rate && (BytesTotal - BytesDone) / rate is < 1e9 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}
