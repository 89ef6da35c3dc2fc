using TgVault.Core.Settings;

namespace TgVault.Core.Engine;

/// <summary>
/// How much of each kind of work is under way at once on one machine. A place is held while something is done, not while it waits; storing
/// alone keeps its place through waits, since what Telegram asks for concerns everybody who sends.
/// </summary>
sealed class WorkPlaces(IngestSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>
    /// Inspecting and preparing, step by step. Three times as many ffmpegs as <see cref="IngestSettings.Videos"/> prepare at most
    /// (<c>FfmpegPlaces</c>), so as many places as videos are always free for uploads that need none.
    /// </summary>
    public Places Preparing { get; } = new(settings.Videos * 4, time);

    /// <summary>
    /// From sending to cleaning up, video by video. A few are stored one after the other, rather than all at the same slow pace.
    /// </summary>
    public Places Storing { get; } = new(settings.Videos, time);

    public Places Amending { get; } = new(settings.Videos, time);

    public Places Removing { get; } = new(settings.Videos, time);

    public void Dispose()
    {
        Preparing.Dispose();
        Storing.Dispose();
        Amending.Dispose();
        Removing.Dispose();
    }

    /// <summary>How many wait before this video, for whichever place, and since when it waits; null where it does not.</summary>
    public (int Ahead, DateTimeOffset Since)? PlaceOf(VideoId video) => Storing.PlaceOf(video) ?? Preparing.PlaceOf(video);
}

/// <summary>So many places, taken in the order of asking.</summary>
sealed class Places(int places, TimeProvider time) : IDisposable
{
    readonly SemaphoreSlim _places = new(places);

    // In the order of asking.
    readonly List<(VideoId Video, DateTimeOffset Since)> _waiting = [];

    /// <summary>How many wait before this video, and since when it waits; null where it does not.</summary>
    public (int Ahead, DateTimeOffset Since)? PlaceOf(VideoId video)
    {
        lock (_waiting)
            return _waiting.FindIndex(one => one.Video == video) is >= 0 and var index ? (index, _waiting[index].Since) : null;
    }

    /// <summary>The same for work of a video, which can be asked for its place while it waits.</summary>
    public async Task<IDisposable> EnterAsync(VideoId video, WorkSignals signals)
    {
        // Nobody sees a wait that ends at once.
        var entering = EnterAsync(signals);
        if (entering.IsCompleted)
            return await entering;
        var waiting = (video, time.GetUtcNow());
        lock (_waiting)
            _waiting.Add(waiting);
        try
        {
            return await entering;
        }
        finally
        {
            lock (_waiting)
                _waiting.Remove(waiting);
        }
    }

    /// <summary>
    /// Waits for a place; disposing the result leaves it. A caller that is told to hurry goes on without a place: it finds nothing left to
    /// do, and those who hold the places may need hours.
    /// </summary>
    public async Task<IDisposable> EnterAsync(WorkSignals signals)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(signals.Stopping);
        var entering = _places.WaitAsync(early.Token);
        if (await Task.WhenAny(entering, signals.Hurry) != entering)
            await early.CancelAsync();
        try
        {
            await entering;
        }
        catch (OperationCanceledException) when (!signals.Stopping.IsCancellationRequested)
        {
            return new Place(null);
        }

        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    sealed class Place(SemaphoreSlim? places) : IDisposable
    {
        SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
