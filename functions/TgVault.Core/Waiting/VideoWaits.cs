using TgVault.Core.Caching;
using TgVault.Core.Staging;
using TgVault.Core.Telegram;
using TgVault.Core.Videos;

namespace TgVault.Core.Waiting;

/// <summary>
/// What a video waits for at this moment, whatever face asks: from its row, what has arrived of its upload, who is before it, and how the
/// vault stands with Telegram.
/// </summary>
public sealed class VideoWaits : IDisposable
{
    /// <summary>
    /// How long after its end a wait that a row tells of still stands: the step is being asked again, and the store itself tries a few
    /// times before it says that nothing has changed.
    /// </summary>
    internal static readonly TimeSpan Trying = TimeSpan.FromMinutes(1);

    // Shorter ones are part of the pace.
    static readonly TimeSpan ShortestFlood = TimeSpan.FromSeconds(2);

    // Many may look at the same upload each second.
    readonly SharedCache<VideoId, Measured> _measured;
    readonly IStaging _staging;
    readonly ITelegramStatus _telegram;
    readonly IWorkTurns? _turns;
    readonly TimeProvider _time;

    /// <param name="staging">What has arrived of uploads.</param>
    /// <param name="telegram">Whether it asks to wait.</param>
    /// <param name="turns">Null where another engine than this process's runs ingests.</param>
    /// <param name="time">Says when a wait is over.</param>
    internal VideoWaits(IStaging staging, ITelegramStatus telegram, IWorkTurns? turns, TimeProvider time)
    {
        (_staging, _telegram, _turns, _time) = (staging, telegram, turns, time);
        _measured = new(1 << 20, _ => 100) { Lifetime = TimeSpan.FromSeconds(1), Time = time };
    }

    /// <summary>Null where it waits for nothing.</summary>
    public async ValueTask<VideoWait?> FindAsync(Video video, CancellationToken cancellationToken) =>
        video.Life switch
        {
            { Status: VideoStatus.Waiting } when video.Upload.Source is null => await UploadOfAsync(video, cancellationToken),
            { Status: VideoStatus.Ingesting, Waiting: { } noted } when !(noted.Until + Trying < _time.GetUtcNow()) => noted,
            { Status: VideoStatus.Ingesting } when _turns?.PlaceOf(video.Id) is { } place => PlaceOf(place.Ahead, place.Since),
            { Status: VideoStatus.Ingesting, Stage: >= IngestStage.Sending } => FloodWait(),
            _ => null,
        };

    public void Dispose() => _measured.Dispose();

    async Task<VideoWait> UploadOfAsync(Video video, CancellationToken cancellationToken)
    {
        var measured = await _measured.GetAsync(
            video.Id,
            async token => new Measured(await _staging.MeasureUploadAsync(video.Id, token)),
            cancellationToken
        );
        return new VideoWait(WaitCause.Upload, video.Updated, null, "It has not been uploaded completely yet.")
        {
            // Blocks that were sent twice count twice until they are committed.
            BytesDone = measured.Bytes is { } bytes ? Math.Min(bytes, video.Upload.SizeBytes) : null,
        };
    }

    static VideoWait PlaceOf(int ahead, DateTimeOffset since) =>
        new(
            WaitCause.Place,
            since,
            null,
            ahead == 0 ? "Others are being stored; it is the next." : $"Others are being stored; {ahead} are before it."
        )
        {
            Ahead = ahead,
        };

    // Short ones are waited for within a step, and no row tells of them.
    VideoWait? FloodWait()
    {
        var pause = _telegram.Lanes.Select(lane => lane.Paused).DefaultIfEmpty().Min();
        if (pause < ShortestFlood)
            return null;
        var now = _time.GetUtcNow();
        return new VideoWait(WaitCause.FloodWait, now, now + pause, "Telegram asks to wait.");
    }

    sealed record Measured(long? Bytes);
}
