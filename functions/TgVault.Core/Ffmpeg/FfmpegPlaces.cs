using TgVault.Core.Settings;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// How many ffmpegs run at once in this process: <see cref="IngestSettings.Videos"/>. Whoever finds none free comes back later instead of
/// waiting here, so that uploads that need no ffmpeg go past those that keep it busy for hours. One that runs for long gives its place to
/// others, up to <see cref="Most"/> in all: so an upload made to keep ffmpeg busy keeps nobody waiting.
/// </summary>
sealed class FfmpegPlaces(IngestSettings settings, TimeProvider time)
{
    /// <summary>How long until it is worth asking again.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Longer than writing a film's tracks into another container takes for most films.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    readonly List<Place> _taken = [];

    /// <summary>How many run at once at the most.</summary>
    public static int Most(IngestSettings settings) => settings.Videos * 3;

    /// <summary>A place, left by disposing it; null where none is free.</summary>
    public IDisposable? TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var fresh = _taken.Count(place => time.GetElapsedTime(place.Taken, now) < Long);
            if (fresh >= settings.Videos || _taken.Count >= Most(settings))
                return null;
            var place = new Place(this, now);
            _taken.Add(place);
            return place;
        }
    }

    sealed class Place(FfmpegPlaces places, long taken) : IDisposable
    {
        public long Taken => taken;

        public void Dispose()
        {
            lock (places._lock)
                places._taken.Remove(this);
        }
    }
}
