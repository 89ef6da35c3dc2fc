namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>How much one run may use: in proportion to what it reads, so that no small file takes a large machine for hours.</summary>
/// <param name="Time">How long it may take.</param>
/// <param name="MemoryBytes">How much it may allocate.</param>
/// <param name="FileBytes">How long each file may become that it writes.</param>
sealed record RunBounds(TimeSpan Time, long MemoryBytes, long FileBytes)
{
    const long MiB = 1 << 20;

    static readonly TimeSpan LeastTime = TimeSpan.FromMinutes(10);
    static readonly TimeSpan LeastProbeTime = TimeSpan.FromSeconds(60);

    // Of the slowest disk and processor that are worth waiting for.
    const double CopiedBytesPerSecond = 200_000;
    const double ProbedBytesPerSecond = 2_000_000;
    const double PictureSecondsPerSecond = 30;

    // Voices over a telephone take more, and so do a slide's pictures. Where a file does not say how long it plays, it is like most.
    const double FewestBytesPerSecond = 250;
    const double UsualBytesPerSecond = 25_000;

    // Samples that a table names, the queues between tracks, and a decoder's and an encoder's pictures at up to 4K.
    const long LeastMemory = 1536 * MiB;
    const long MemoryPerThread = 64 * MiB;
    const long MostForIndex = 2048 * MiB;

    // Of encoding, what x264 looks ahead at and what its threads work on.
    const long BytesPerPixel = 200;

    /// <summary>How many threads of processor time it may use.</summary>
    public TimeSpan CpuTime => Time * Math.Max(1, Environment.ProcessorCount);

    /// <summary>For looking into a file.</summary>
    /// <param name="sourceBytes">How long it is.</param>
    /// <param name="most">However long it is.</param>
    public static RunBounds OfProbe(long sourceBytes, TimeSpan most)
    {
        var time = LeastProbeTime + TimeSpan.FromSeconds(sourceBytes / ProbedBytesPerSecond);
        return new RunBounds(time < most ? time : most, MemoryFor(sourceBytes), MiB);
    }

    /// <summary>For writing a file.</summary>
    /// <param name="sourceBytes">How long all is that is read.</param>
    /// <param name="seconds">How long it plays; 0 where nobody knows.</param>
    /// <param name="pixels">Of the pictures that are encoded: width times height; 0 where none are.</param>
    /// <param name="fileBytes">How much may be written; null where that only follows from what is read.</param>
    public static RunBounds OfRun(long sourceBytes, double seconds, long pixels, long? fileBytes) =>
        new(
            TimeFor(sourceBytes, seconds, pixels > 0),
            MemoryFor(sourceBytes) + (BytesPerPixel * pixels),
            // What a muxer adds at the end comes on top of what it was told to end at.
            fileBytes is { } bytes
                ? bytes + (bytes / 4) + (16 * MiB)
                : (64 * MiB) + (2 * sourceBytes)
        );

    /// <summary>How long writing may take.</summary>
    public static TimeSpan TimeFor(long sourceBytes, double seconds, bool encodesPictures) =>
        LeastTime
        + TimeSpan.FromSeconds(
            (sourceBytes / CopiedBytesPerSecond) + (CredibleSeconds(sourceBytes, seconds) * (encodesPictures ? PictureSecondsPerSecond : 1))
        );

    /// <summary>How long a file plays: as it says, but no longer than something of its size can. It may not say it: 0.</summary>
    public static double CredibleSeconds(long sourceBytes, double seconds)
    {
        const double least = 60;
        return seconds > 0 ? Math.Min(seconds, least + (sourceBytes / FewestBytesPerSecond)) : least + (sourceBytes / UsualBytesPerSecond);
    }

    static long MemoryFor(long sourceBytes) =>
        LeastMemory + (MemoryPerThread * Environment.ProcessorCount) + Math.Min(sourceBytes / 2, MostForIndex);
}
