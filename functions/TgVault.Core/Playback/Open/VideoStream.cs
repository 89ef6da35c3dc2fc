using Microsoft.Extensions.Logging;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Streams;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// The plaintext of one stored file of a ready video, as a seekable stream. Gives nothing that did not open. Fetches the blocks of what
/// it was told to expect and no others, and reads ahead of itself among them. While the chunk store makes us wait it holds the reader, up
/// to <see cref="PlaybackSettings.HoldSeconds"/>, and then throws.
/// </summary>
public sealed class VideoStream : ReadOnlyStream
{
    // Fetches ahead of one reader: small ones, where what is read lies scattered, are as slow to come as large ones.
    const int MostAhead = 8;

    // How much of what a reader takes in a second is fetched ahead of it: longer than a fetch takes, mostly.
    static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    // The pace that makes one whole span ahead.
    static readonly double OneSpan = PlaySpan.MaxBytes / Ahead.TotalSeconds;

    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly OpenVideos _videos;
    readonly PlayableFile _file;
    readonly PaidSource? _paid;
    readonly ISpanSource _source;
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

    // What the reader takes in a second, in bytes, as far as it has shown; since when it is in its span, and how long it waited there.
    double _pace;
    long _entered;
    TimeSpan _waited;

    /// <param name="file">Acquired for this stream, which releases it.</param>
    /// <param name="allowance">Of the link that it is read for; null where it is read for none.</param>
    internal VideoStream(
        OpenVideos videos,
        PlayableFile file,
        SpanCache cache,
        PlaybackSettings settings,
        TimeProvider time,
        ILogger log,
        LinkAllowance? allowance
    )
    {
        _videos = videos;
        _file = file;
        _paid = allowance is null ? null : new PaidSource(file, allowance);
        _source = _paid ?? (ISpanSource)file;
        _cache = cache;
        _settings = settings;
        _time = time;
        _log = log;
        cache.Enter();
    }

    /// <summary>
    /// Where the range that is being read ends (exclusive), in bytes: nothing behind it is fetched. Where it is not said, or reading goes
    /// beyond it, whole spans are fetched, and ahead only once two were read one after the other.
    /// </summary>
    public override long? ReadEnd
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

    public override long Length => _file.Plan.LengthBytes;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>
    /// Says what is read next: nothing else is fetched. Takes the place of <see cref="ReadEnd"/>, and of what was said before.
    /// </summary>
    internal void Expect(IEnumerable<SourceRange> ranges)
    {
        _plan = ReadPlan.Of(_file.Plan, ranges);
        // All of it is read, and soon.
        _pace = double.PositiveInfinity;
    }

    /// <summary>
    /// Says that it is read for others, too: what is fetched is charged to the link that it is read for, but it is not held for its sake.
    /// </summary>
    internal void ReadForAll() => _paid?.AdmitUnasked();

    /// <summary>How many bytes are fetched for each of these, if nothing of them is in memory: 1 or more.</summary>
    internal double CostOf(IReadOnlyCollection<SourceRange> ranges) =>
        Math.Max(1, ReadPlan.Of(_file.Plan, ranges).LengthBytes / (double)Math.Max(1, ranges.Sum(range => range.LengthBytes)));

    /// <summary>Reads up to the end of the span that <see cref="Position"/> is in.</summary>
    /// <exception cref="IntegrityException">The stored bytes did not open; none of that span is given.</exception>
    /// <exception cref="ChunkStoreException">The store failed for good, or made us wait longer than we hold.</exception>
    /// <exception cref="BudgetException">Its link spent its allowance; before anything was fetched for this stream.</exception>
    /// <exception cref="VaultException">The video was removed or replaced.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= Length || buffer.IsEmpty)
            return 0;

        var before = _last;
        if (before is not { } last || _position < last.Offset || _position >= last.End)
            await _videos.CheckCurrentAsync(_file, cancellationToken);

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

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _current?.Dispose();
            foreach (var ticket in _ahead)
                ticket.Dispose();
            _ahead.Clear();
            _cache.Leave();
            _paid?.Leave();
            _file.Release();
        }

        base.Dispose(disposing);
    }

    async ValueTask<SpanLease> LeaseAsync(CancellationToken cancellationToken)
    {
        // What was read to its end makes room for what comes.
        if (_current is { } current && _position >= current.Span.End)
        {
            current.Dispose();
            _current = null;
        }

        // What was expected says where to end the span; a reader that left it gets a whole one.
        var wanted = PlaySpan.At(
            _file.Plan,
            _position,
            _plan?.From(_position) is { } range && range.Offset == _position ? range.End : Length,
            _cache.SpanBlocks
        );
        if (_paid is { IsAdmitted: false } && !_cache.Has(_file.KeyOf(wanted)))
            await _paid.AdmitAsync(cancellationToken);
        long? since = null;
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var lease = _cache.LeaseAsync(_source, wanted, out var span, cancellationToken);
                if (since is null && span != _last)
                    ReadAhead(span);
                if (lease.IsCompletedSuccessfully)
                    return await lease;
                var asked = _time.GetTimestamp();
                var given = await lease;
                _waited += _time.GetElapsedTime(asked);
                return given;
            }
            catch (ChunkStoreException exception) when (exception.Failure == ChunkStoreFailure.Transient)
            {
                since ??= _time.GetTimestamp();
                var left = TimeSpan.FromSeconds(_settings.HoldSeconds) - _time.GetElapsedTime(since.Value);
                var wait = exception.RetryAfter is { } named && named > ShortestPause ? named : pause;
                if (left <= TimeSpan.Zero)
                    throw;
                _log.HoldingReader(
                    _file.Video,
                    _file.File.NumberOf(wanted.Index),
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
        _current = _cache.TryWant(_source, span);
        left?.Dispose();
        if (_last is { } before && before.End == span.Offset)
        {
            // What it waited for the store says nothing of how fast it is. A viewer's first bytes go into buffers at once, and so do those
            // behind a pause: what is fetched ahead grows with each span that is read quickly, and goes at the first that is not.
            var took = (_time.GetElapsedTime(_entered) - _waited).TotalSeconds;
            _pace = Math.Min(before.LengthBytes / Math.Max(took, double.Epsilon), Math.Max(2 * _pace, OneSpan));
        }

        _entered = _time.GetTimestamp();
        _waited = TimeSpan.Zero;
        _last = span;
    }

    /// <summary>Asks for what follows <paramref name="span"/>, and gives up what was asked for before and does not.</summary>
    void ReadAhead(PlaySpan span)
    {
        var before = _ahead;
        _ahead = [];
        // Whole spans, and one in any case.
        var steady = Math.Max(1, Math.Floor(_pace * Ahead.TotalSeconds / PlaySpan.MaxBytes)) * PlaySpan.MaxBytes;
        var left = _paid is { IsSpent: true } ? 0 : (long)Math.Min(steady, _settings.ReadAheadBytes);
        for (var offset = span.End; left > 0 && _ahead.Count < MostAhead && NextAfter(span, offset) is { } range; )
        {
            if (_cache.TryWant(_source, PlaySpan.At(_file.Plan, range.Offset, range.End, _cache.SpanBlocks)) is not { } ticket)
                break;
            _ahead.Add(ticket);
            offset = ticket.Span.End;
            left -= offset - range.Offset;
        }

        foreach (var ticket in before)
            ticket.Dispose();
    }

    SourceRange? NextAfter(PlaySpan span, long offset)
    {
        if (_plan?.From(span.Offset) is not null)
            return _plan.From(offset);
        return _last is { } last && span.Offset == last.End && offset < Length ? new SourceRange(offset, Length - offset) : null;
    }
}
