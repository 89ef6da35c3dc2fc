using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Web.Http;

namespace TgVault.Web.Videos;

/// <summary>One event for whoever looks at the library: <c>video</c> with a video as it now is, or <c>removed</c>.</summary>
internal readonly record struct VideoEvent(string Name, ReadOnlyMemory<byte> Json);

/// <summary>
/// What changes in the library, for all who look at it at the same time: one look at the rows a second, however many they are, and none
/// while nobody looks. Sees the newest videos and those that are worked on.
/// </summary>
internal sealed class VideoEvents(
    ILibrary library,
    VideoWaits waits,
    TimeProvider time,
    IHostApplicationLifetime host,
    ILogger<VideoEvents> log
)
{
    const int Newest = 50;

    // Who reads so slowly is better off with a new list than with old events.
    const int MostUnread = 500;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Shift = TimeSpan.FromSeconds(3);

    // Between somebody's list and the next look: what changed then, or is about to, is told to who has just come.
    static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    // With whether they have been told what was under way when they came.
    readonly ConcurrentDictionary<Channel<VideoEvent>, bool> _watchers = new();
    readonly Dictionary<VideoId, (Video Video, VideoWait? Wait)> _known = [];
    readonly Lock _gate = new();
    bool _isLooking;

    /// <summary>Events from now on, until <paramref name="leaving"/>, the host stops, or the reader is too slow.</summary>
    public ChannelReader<VideoEvent> Watch(CancellationToken leaving)
    {
        var channel = Channel.CreateBounded<VideoEvent>(MostUnread);
        lock (_gate)
        {
            _watchers[channel] = false;
            if (!_isLooking)
            {
                _isLooking = true;
                _ = Task.Run(LookAsync, CancellationToken.None);
            }
        }

        var left = leaving.Register(() => End(channel));
        var stopped = host.ApplicationStopping.Register(() => End(channel));
        _ = channel.Reader.Completion.ContinueWith(
            _ =>
            {
                left.Dispose();
                stopped.Dispose();
            },
            TaskScheduler.Default
        );
        return channel.Reader;
    }

    void End(Channel<VideoEvent> channel)
    {
        _watchers.TryRemove(channel, out _);
        channel.Writer.TryComplete();
    }

    async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        var isFirst = true;
        do
        {
            try
            {
                await LookOnceAsync(isFirst, host.ApplicationStopping);
                isFirst = false;
            }
#pragma warning disable CA1031 // Rows that cannot be read now can be in a second; whoever looks keeps what he sees.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (!host.ApplicationStopping.IsCancellationRequested)
                    log.LibraryNotSeen(exception);
            }

            lock (_gate)
            {
                if (_watchers.IsEmpty)
                {
                    _isLooking = false;
                    _known.Clear();
                    return;
                }
            }
        } while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    async Task LookOnceAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var videos = new Dictionary<VideoId, Video>();
        foreach (var video in (await library.ListAsync(new VideoQuery(null, null, Newest, null), cancellationToken)).Videos)
            videos[video.Id] = video;
        await foreach (var video in library.ListUnfinishedAsync(cancellationToken))
            videos[video.Id] = video;
        var seen = new Dictionary<VideoId, (Video Video, VideoWait? Wait)>();
        foreach (var (id, video) in videos)
            seen[id] = (video, await waits.FindAsync(video, cancellationToken));
        // Gone from both: finished and old, or removed.
        foreach (var (id, former) in _known.Where(known => !seen.ContainsKey(known.Key)).ToList())
        {
            _known.Remove(id);
            if (await library.FindAsync(id, cancellationToken) is not { } now)
                Send("removed", former.Video, null);
            else if (now.RowVersion != former.Video.RowVersion)
                Send("video", now, null);
        }

        foreach (var (id, (video, wait)) in seen)
        {
            var isNew = !_known.TryGetValue(id, out var former) || former.Video.RowVersion != video.RowVersion;
            if (!isFirst && (isNew || !IsSame(former.Wait, wait)))
                Send("video", video, wait);
            _known[id] = (video, wait);
        }

        Greet(seen.Values);
    }

    /// <summary>Whether there is nothing to tell of a wait that was told of.</summary>
    // When it ends may be told anew each second; that is the same wait.
    public static bool IsSame(VideoWait? told, VideoWait? now) =>
        told?.Why == now?.Why
        && told?.BytesDone == now?.BytesDone
        && told?.Ahead == now?.Ahead
        && (now?.Until - told?.Until is not { } shift || shift.Duration() < Shift);

    void Greet(IEnumerable<(Video Video, VideoWait? Wait)> seen)
    {
        var recently = time.GetUtcNow() - Overlap;
        var underWay = seen.Where(one =>
                one.Video.Life.Status is not (VideoStatus.Ready or VideoStatus.Failed or VideoStatus.Trashed)
                || one.Video.Updated > recently
            )
            .ToList();
        foreach (var (channel, _) in _watchers.Where(watcher => !watcher.Value))
        {
            _watchers.TryUpdate(channel, true, false);
            foreach (var (video, wait) in underWay)
                Send(channel, EventOf("video", video, wait));
        }
    }

    void Send(string name, Video video, VideoWait? wait)
    {
        var sent = EventOf(name, video, wait);
        foreach (var (channel, _) in _watchers.Where(watcher => watcher.Value))
            Send(channel, sent);
    }

    void Send(Channel<VideoEvent> channel, VideoEvent sent)
    {
        if (!channel.Writer.TryWrite(sent))
            End(channel);
    }

    static VideoEvent EventOf(string name, Video video, VideoWait? wait) => new(name, VaultJson.Serialize(VideoView.Of(video, wait)));
}
