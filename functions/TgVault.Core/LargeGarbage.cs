namespace TgVault.Core;

/// <summary>
/// Large arrays that were let go. They are collected with the oldest generation only, which the runtime puts off until several times of
/// what is in use has piled up; whoever lets them go says so here.
/// </summary>
static class LargeGarbage
{
    const long WorthCollectingBytes = 8 << 20;

    static long _bytes;

    /// <summary>So much was let go; may begin a collection beside what runs.</summary>
    public static void Add(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) < WorthCollectingBytes)
            return;
        Interlocked.Exchange(ref _bytes, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }
}
