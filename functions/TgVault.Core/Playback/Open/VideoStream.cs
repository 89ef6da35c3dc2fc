using Microsoft.Extensions.Logging;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// A ready video's plaintext as a seekable stream. Gives nothing that did not open. Fetches the blocks of what it was told to expect and no others, and
/// reads ahead of itself among them.
/// While the chunk store makes us wait it holds the reader, up to <see cref="PlaybackSettings.HoldSeconds"/>, and then throws.
/// Only asynchronous reads, one at a time.
/// </summary>
public sealed class VideoStream : Stream
{
    // Fetches ahead of one reader: small ones, where what is read lies scattered, are as slow to come as large ones.
    const int MostAhead = 8;

    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly OpenVideos _reader;
    readonly PlayableFile _video;
    readonly SpanCache _cache;
    readonly PlaybackSettings _settings;
    readonly TimeProvider _time;
    readonly ILogger _log;
    List<SpanTicket> _ahead = [];
    SpanTicket? _current;
    PlaySpan? _last;
    ReadPlan? _plan;
    long? _readEnd;
    long _position;
    bool _disposed;

    /// <param name="video">Acquired for this stream, which releases it.</param>
    internal VideoStream(OpenVideos reader, PlayableFile video, SpanCache cache, PlaybackSettings settings, TimeProvider time, ILogger log)
    {
        _reader = reader;
        _video = video;
        _cache = cache;
        _settings = settings;
        _time = time;
        _log = log;
    }

    /// <summary>The row as it was when it was looked at last.</summary>
    public Video Video => _video.Row;

    /// <summary>
    /// Where the range that is being read ends (exclusive), in bytes: nothing behind it is fetched. Where it is not said, or reading goes beyond it, whole
    /// spans are fetched, and ahead only once two were read one after the other.
    /// </summary>
    public long? ReadEnd
    {
        get => _readEnd;
        set
        {
            if (value is { } end)
                ArgumentOutOfRangeException.ThrowIfNegative(end);
            _readEnd = value;
            _plan = value is { } known ? ReadPlan.Until(Math.Min(known, Length)) : null;
        }
    }

    public override bool CanRead => !_disposed;

    public override bool CanSeek => !_disposed;

    public override bool CanWrite => false;

    public override long Length => _video.Plan.LengthBytes;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = checked(
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _position,
                SeekOrigin.End => Length,
                _ => throw new ArgumentOutOfRangeException(nameof(origin)),
            }
        );
        if (target < 0)
            throw new IOException("A stream has nothing before its beginning.");
        return _position = target;
    }

    /// <summary>Says what is read next: nothing else is fetched. Takes the place of <see cref="ReadEnd"/>, and of what was said before.</summary>
    internal void Expect(IEnumerable<SourceRange> ranges) => _plan = ReadPlan.Of(_video.Plan, ranges);

    /// <summary>Reads up to the end of the span that <see cref="Position"/> is in.</summary>
    /// <exception cref="IntegrityException">The stored bytes did not open; none of that span is given.</exception>
    /// <exception cref="ChunkStoreException">The store failed for good, or made us wait longer than we hold.</exception>
    /// <exception cref="VaultException">The video was removed or replaced.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= Length || buffer.IsEmpty)
            return 0;

        var before = _last;
        if (before is not { } last || _position < last.Offset || _position >= last.End)
            await _reader.CheckCurrentAsync(_video, cancellationToken);

        int count;
        using (var lease = await LeaseAsync(cancellationToken))
        {
            count = lease.CopyTo((int)(_position - lease.Span.Offset), buffer.Span);
            if (lease.Span != before)
            {
                (lease.WasHere ? VaultMeter.CacheHits : VaultMeter.CacheMisses).Add(1);
                MoveTo(lease.Span);
            }
        }

        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Bytes come over the network: read asynchronously.");

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _current?.Dispose();
            foreach (var ticket in _ahead)
                ticket.Dispose();
            _ahead.Clear();
            _video.Release();
        }

        base.Dispose(disposing);
    }

    async ValueTask<SpanLease> LeaseAsync(CancellationToken cancellationToken)
    {
        // What was expected says where to end the span; a reader that left it gets a whole one.
        var wanted = PlaySpan.At(
            _video.Plan,
            _position,
            _plan?.From(_position) is { } stretch && stretch.Start == _position ? stretch.End : Length
        );
        long? since = null;
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var lease = _cache.LeaseAsync(_video, wanted, out var span, cancellationToken);
                if (since is null && span != _last)
                    ReadAhead(span);
                return await lease;
            }
            catch (ChunkStoreException exception) when (exception.Failure == ChunkStoreFailure.Transient)
            {
                since ??= _time.GetTimestamp();
                var left = TimeSpan.FromSeconds(_settings.HoldSeconds) - _time.GetElapsedTime(since.Value);
                var wait = exception.RetryAfter is { } named && named > ShortestPause ? named : pause;
                if (left <= TimeSpan.Zero)
                    throw;
                _log.HoldingReader(
                    _video.Row.Id,
                    _video.File.NumberOf(wanted.Index),
                    wanted.Offset,
                    (long)Math.Min(wait.TotalMilliseconds, left.TotalMilliseconds)
                );
                VaultWaits.Record(WaitReason.Hold, wait < left ? wait : left);
                // A store that names a longer wait than we hold is not asked before; but a player whose connection is cut comes back at
                // once and would ask, so hold all the same.
                await Task.Delay(wait < left ? wait : left, _time, cancellationToken);
                if (wait >= left)
                    throw;
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Keeps the span being read from being evicted between two reads, and gives up the one before.</summary>
    void MoveTo(PlaySpan span)
    {
        var left = _current;
        _current = _cache.TryWant(_video, span);
        left?.Dispose();
        _last = span;
    }

    /// <summary>Asks for what follows <paramref name="span"/>, and gives up what was asked for before and does not.</summary>
    void ReadAhead(PlaySpan span)
    {
        var before = _ahead;
        _ahead = [];
        var left = (long)_settings.ReadAheadBytes;
        for (var offset = span.End; left > 0 && _ahead.Count < MostAhead && NextAfter(span, offset) is { } stretch; )
        {
            if (_cache.TryWant(_video, PlaySpan.At(_video.Plan, stretch.Start, stretch.End)) is not { } ticket)
                break;
            _ahead.Add(ticket);
            offset = ticket.Span.End;
            left -= offset - stretch.Start;
        }

        foreach (var ticket in before)
            ticket.Dispose();
    }

    (long Start, long End)? NextAfter(PlaySpan span, long offset)
    {
        if (_plan?.From(span.Offset) is not null)
            return _plan.From(offset);
        return _last is { } last && span.Offset == last.End && offset < Length ? (offset, Length) : null;
    }
}
