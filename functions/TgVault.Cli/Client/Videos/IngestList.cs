namespace TgVault.Cli.Client.Videos;

/// <summary>The videos that were being stored at some look at them, as they now are.</summary>
sealed class IngestList(VaultClient vault)
{
    // As many as a terminal can show.
    const int Most = 100;

    // A little longer than a vault takes to see what has arrived.
    static readonly TimeSpan TakeUp = TimeSpan.FromSeconds(1.5);

    readonly List<VideoView> _videos = [];

    /// <summary>In the order they were first seen.</summary>
    public IReadOnlyList<VideoView> Videos => _videos;

    /// <summary>The first look. What has just arrived is taken up a moment later: where there may be such, it is looked at twice.</summary>
    public async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        if (await LookAsync(cancellationToken))
            return true;
        if (!await vault.ListAsync(VideoFilter.All with { Status = "waiting" }, 1, cancellationToken).AnyAsync(cancellationToken))
            return false;
        await Task.Delay(TakeUp, cancellationToken);
        return await LookAsync(cancellationToken);
    }

    /// <summary>Looks at them once; false when none is being stored any more. Uploads that have not arrived do not count.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var now = new Dictionary<string, VideoView>();
        await foreach (var video in vault.ListAsync(VideoFilter.All with { Status = "ingesting" }, Most, cancellationToken))
            now[video.Id] = video;
        for (var i = _videos.Count - 1; i >= 0; i--)
        {
            var known = _videos[i];
            if (now.Remove(known.Id, out var seen) || known.IsFinal)
                _videos[i] = seen ?? known;
            // Removed meanwhile, there is nothing more to tell of it.
            else if (await vault.FindAsync(known.Id, cancellationToken) is { } video)
                _videos[i] = video;
            else
                _videos.RemoveAt(i);
        }

        _videos.AddRange(now.Values);
        return _videos.Exists(video => video is { IsFinal: false, Status: not "deleting" });
    }
}
