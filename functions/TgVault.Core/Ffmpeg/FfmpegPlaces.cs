using TgVault.Core.Settings;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// How many ffmpegs run at once in this process: <see cref="IngestSettings.Videos"/>. Whoever finds none free comes back later instead of
/// waiting here, so that uploads that need no ffmpeg go past those that keep it busy for hours.
/// </summary>
sealed class FfmpegPlaces(IngestSettings settings)
{
    /// <summary>How long until it is worth asking again.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    int _free = settings.Videos;

    /// <summary>A place, left by disposing it; null where none is free.</summary>
    public IDisposable? TryTake()
    {
        while (Volatile.Read(ref _free) is > 0 and var free)
        {
            if (Interlocked.CompareExchange(ref _free, free - 1, free) == free)
                return new Place(this);
        }

        return null;
    }

    sealed class Place(FfmpegPlaces places) : IDisposable
    {
        FfmpegPlaces? _places = places;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _places, null) is { } all)
                Interlocked.Increment(ref all._free);
        }
    }
}
