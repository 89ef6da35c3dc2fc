using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Playback;

/// <summary>
/// A ready video's plaintext as a seekable stream. Gives nothing that did not open. Reads ahead of itself inside <see cref="ReadEnd"/>.
/// While the chunk store makes us wait it holds the reader, up to <see cref="PlaybackSettings.HoldSeconds"/>, and then throws.
/// Only asynchronous reads, one at a time.
/// </summary>
public sealed class VideoStream : Stream
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly VideoReader _reader;
    readonly PlayableVideo _video;
    readonly SpanCache _cache;
    readonly PlaybackSettings _settings;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly List<SpanTicket> _tickets = [];
    long _position;
    long? _readEnd;
    PlaySpan? _current;
    bool _disposed;

    /// <param name="video">Acquired for this stream, which releases it.</param>
    internal VideoStream(VideoReader reader, PlayableVideo video, SpanCache cache, PlaybackSettings settings, TimeProvider time, ILogger log)
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
    /// Where the range that is being read ends (exclusive), in bytes: nothing is fetched ahead beyond it. Where it is not said, reading
    /// ahead begins only once two spans were read one after the other.
    /// </summary>
    public long? ReadEnd
    {
        get => _readEnd;
        set
        {
            if (value is { } end) ArgumentOutOfRangeException.ThrowIfNegative(end);
            _readEnd = value;
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
        var target = checked(offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        });
        if (target < 0) throw new IOException("A stream has nothing before its beginning.");
        return _position = target;
    }

    /// <summary>Reads up to the end of the span that <see cref="Position"/> is in.</summary>
    /// <exception cref="IntegrityException">The stored bytes did not open; none of that span is given.</exception>
    /// <exception cref="ChunkStoreException">The store failed for good, or made us wait longer than we hold.</exception>
    /// <exception cref="VaultException">The video was removed or replaced.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= Length || buffer.IsEmpty) return 0;

        var span = _current is { } current && _position >= current.Offset && _position < current.End ? current : PlaySpan.At(_video.Plan, _position);
        var isNext = _current is { } before && span.Offset == before.End;
        var isOther = _current != span;
        if (isOther) await _reader.CheckCurrentAsync(_video, cancellationToken);

        int count;
        using (var lease = await LeaseAsync(span, cancellationToken))
        {
            count = lease.CopyTo((int)(_position - span.Offset), buffer.Span);
            if (isOther) (lease.WasHere ? VaultMeter.CacheHits : VaultMeter.CacheMisses).Add(1);
            if (isOther) MoveTo(span);
        }

        _position += count;
        if (isOther) ReadAhead(span, isNext);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bytes come over the network: read asynchronously.");

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            foreach (var ticket in _tickets) ticket.Dispose();
            _tickets.Clear();
            _video.Release();
        }

        base.Dispose(disposing);
    }

    async ValueTask<SpanLease> LeaseAsync(PlaySpan span, CancellationToken cancellationToken)
    {
        long? since = null;
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await _cache.LeaseAsync(_video, span, cancellationToken);
            }
            catch (ChunkStoreException exception) when (exception.Failure == ChunkStoreFailure.Transient)
            {
                since ??= _time.GetTimestamp();
                var left = TimeSpan.FromSeconds(_settings.HoldSeconds) - _time.GetElapsedTime(since.Value);
                var wait = exception.RetryAfter is { } named && named > ShortestPause ? named : pause;
                if (left <= TimeSpan.Zero) throw;
                _log.HoldingReader(_video.Row.Id, span.Chunk, span.Offset, (long)Math.Min(wait.TotalMilliseconds, left.TotalMilliseconds));
                VaultWaits.Record(WaitReason.Hold, wait < left ? wait : left);
                // A store that names a longer wait than we hold is not asked before; but a player whose connection is cut comes back at
                // once and would ask, so hold all the same.
                await Task.Delay(wait < left ? wait : left, _time, cancellationToken);
                if (wait >= left) throw;
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Keeps the span being read from being evicted between two reads, and gives up what lies behind or elsewhere.</summary>
    void MoveTo(PlaySpan span)
    {
        _current = span;
        var ticket = _cache.TryWant(_video, span);
        _tickets.RemoveAll(other =>
        {
            var isAhead = other.Offset > span.Offset && other.Offset < span.End + _settings.ReadAheadBytes;
            if (!isAhead) other.Dispose();
            return !isAhead;
        });
        if (ticket is not null) _tickets.Add(ticket);
    }

    void ReadAhead(PlaySpan span, bool isSequential)
    {
        if (_readEnd is null && !isSequential) return;
        var end = Math.Min(_readEnd ?? Length, Math.Min(Length, span.End + _settings.ReadAheadBytes));
        for (var offset = span.End; offset < end;)
        {
            var ahead = PlaySpan.At(_video.Plan, offset);
            var key = _video.KeyOf(ahead);
            if (!_tickets.Exists(ticket => ticket.Key == key))
            {
                if (_cache.TryWant(_video, ahead) is not { } ticket) return;
                _tickets.Add(ticket);
            }

            offset = ahead.End;
        }
    }
}
