using TgVault.Core.Settings;

namespace TgVault.Core.Engine;

/// <summary>How much of each kind of work is under way at once on one machine. A place is held while something is done, not while it waits.</summary>
sealed class Lanes(IngestSettings settings) : IDisposable
{
    /// <summary>
    /// Inspecting and preparing, step by step. Twice as many places as <see cref="IngestSettings.Videos"/>: that many ffmpegs run at most
    /// (<c>FfmpegPlaces</c>), so as many places again are free for uploads that need none.
    /// </summary>
    public Lane Preparing { get; } = new(settings.Videos * 2);

    /// <summary>Sending to cleaning up, video by video: a few are stored one after the other rather than all at the same slow pace.</summary>
    public Lane Storing { get; } = new(settings.Videos);

    public Lane Amending { get; } = new(settings.Videos);

    public Lane Removing { get; } = new(settings.Videos);

    public void Dispose()
    {
        Preparing.Dispose();
        Storing.Dispose();
        Amending.Dispose();
        Removing.Dispose();
    }
}

/// <summary>So many places, taken in the order of asking.</summary>
sealed class Lane(int places) : IDisposable
{
    readonly SemaphoreSlim _places = new(places);

    /// <summary>Waits for a place; disposing what comes back leaves it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    sealed class Place(SemaphoreSlim places) : IDisposable
    {
        SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
