namespace TgVault.Core.Videos;

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
