using Microsoft.Extensions.Logging;
using TgVault.Core.Crypto;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Playback.Budget;

/// <summary>
/// What may be fetched for one link beyond what its viewers get. Fetching takes from it, serving gives back. A request that needs a fetch
/// when nothing is left is held, then refused; what is under way goes on. For any number of threads.
/// </summary>
public sealed class LinkAllowance
{
    /// <summary>
    /// What a byte served is worth in bytes fetched. Playing costs 1 to 1.1, and 2 where sound and pictures are fetched apart; a seek may
    /// leave what was fetched ahead.
    /// </summary>
    internal const int ServedWorth = 4;

    /// <summary>What a byte of a whole segment is worth at most: of the sound of a film of 8 Mbit/s, each cost as many.</summary>
    internal const int MostWorth = 64;

    /// <summary>What one fetch costs at least, in bytes: the store is asked, however little it gives.</summary>
    internal const int LeastFetch = SealedChunk.SealedBlockBytes;

    /// <summary>How many requests of a link are held at once: more than anybody's viewers, and few enough to keep.</summary>
    internal const int MostHeld = 256;

    // How much more than the allowance itself serving whole segments may be worth.
    const int SegmentsShare = 16;

    /// <summary>How long a request is held before it is refused.</summary>
    internal static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);

    static readonly TimeSpan ShortestHold = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    static readonly AsyncLocal<LinkAllowance?> Ambient = new();

    readonly VideoId _video;
    readonly Func<long, TokenBucket?> _botOf;
    readonly Lock _gate;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly TokenBucket _waste;
    readonly TokenBucket _segments;
    TokenBucket? _bot;
    double _owed;
    int _held;
    long? _said;

    internal LinkAllowance(
        VideoId video,
        double burst,
        double perSecond,
        Func<long, TokenBucket?> botOf,
        Lock gate,
        TimeProvider time,
        ILogger log
    )
    {
        _video = video;
        _botOf = botOf;
        _gate = gate;
        _time = time;
        _log = log;
        _waste = new TokenBucket(burst, perSecond, time);
        _segments = new TokenBucket(SegmentsShare * burst, SegmentsShare * perSecond, time);
    }

    /// <summary>
    /// The link that the request is by which is being answered: files that are opened meanwhile are read for it. Null where there is none;
    /// then nothing is counted.
    /// </summary>
    public static LinkAllowance? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Whether nothing may be fetched ahead, since what is needed might not be.</summary>
    public bool IsSpent
    {
        get
        {
            lock (_gate)
                return !MayFetch();
        }
    }

    /// <summary>What may be fetched now, in bytes; less than 0 where too much was.</summary>
    internal double Left
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _waste.Left;
            }
        }
    }

    /// <summary>Gives credit for what a viewer got.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="cost">How many bytes have to be fetched for each, where that follows from how the vault cut it; 1 or more.</param>
    public void Serve(int bytes, double cost)
    {
        lock (_gate)
        {
            Refill();
            var credit = (double)ServedWorth * bytes;
            if (cost > ServedWorth)
            {
                var more = Math.Clamp((Math.Min(cost, MostWorth) - ServedWorth) * bytes, 0, Math.Max(0, _segments.Left));
                _segments.Add(-more);
                credit += more;
            }

            _waste.Add(credit);
            // No more than was taken for this link: others shall not waste what it does not.
            var paid = Math.Min(credit, _owed);
            _owed -= paid;
            _bot?.Add(paid);
        }
    }

    /// <summary>Takes what a fetch costs.</summary>
    /// <param name="bot">Who has the document.</param>
    /// <param name="bytes">Of sealed data, that the store is asked for.</param>
    /// <param name="prepaid">What was taken before.</param>
    internal void Fetch(long bot, int bytes, int prepaid)
    {
        var cost = Math.Max(bytes, LeastFetch);
        lock (_gate)
        {
            Refill();
            _bot = _botOf(bot);
            _waste.Add(prepaid - cost);
            _bot?.Add(-cost);
            _owed += cost;
        }
    }

    /// <summary>
    /// Waits until there is something left, and takes <see cref="LeastFetch"/> of it, so that of many who wait not all go on at once.
    /// </summary>
    /// <exception cref="BudgetException">Nothing was left for as long as a request is held, or too many are held.</exception>
    internal ValueTask AdmitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (TryTake())
                return ValueTask.CompletedTask;
            if (_held >= MostHeld)
                return ValueTask.FromException(Refusal());
            _held++;
        }

        return HoldAsync(cancellationToken);
    }

    /// <summary>Waits until there is something left, and takes nothing: what follows is made for others, too.</summary>
    /// <inheritdoc cref="AdmitAsync"/>
    internal async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        await AdmitAsync(cancellationToken);
        GiveBack(LeastFetch);
    }

    internal void GiveBack(int prepaid)
    {
        if (prepaid == 0)
            return;
        lock (_gate)
            _waste.Add(prepaid);
    }

    async ValueTask HoldAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        try
        {
            while (true)
            {
                TimeSpan wait;
                lock (_gate)
                {
                    if (TryTake())
                        return;
                    var left = Hold - _time.GetElapsedTime(began);
                    if (left <= TimeSpan.Zero)
                        throw Refusal();
                    wait = Wait();
                    wait = wait < ShortestHold ? ShortestHold : wait;
                    wait = wait < left ? wait : left;
                }

                VaultWaits.Record(WaitReason.Budget, wait);
                await Task.Delay(wait, _time, cancellationToken);
            }
        }
        finally
        {
            lock (_gate)
                _held--;
        }
    }

    // The rest runs under the lock.

    bool TryTake()
    {
        if (!MayFetch())
            return false;
        _waste.Add(-LeastFetch);
        return true;
    }

    bool MayFetch()
    {
        Refill();
        return _waste.Left > Threshold;
    }

    // Where all links together spent their bot's, those are held that had more than half of their own; an honest one is far from that.
    double Threshold => _bot is { IsSpent: true } ? _waste.Capacity / 2 : 0;

    TimeSpan Wait() => _bot is { IsSpent: true } spent ? spent.Until(0) : _waste.Until(0);

    // Time gives a link nothing while its bot has nothing: many links together would have more than the bot.
    void Refill()
    {
        _bot?.Refill();
        _waste.Refill(isPaused: _bot is { IsSpent: true });
        _segments.Refill();
    }

    BudgetException Refusal()
    {
        var after = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(Wait().TotalSeconds)));
        if (_said is not { } said || _time.GetElapsedTime(said) >= Quiet)
        {
            _said = _time.GetTimestamp();
            _log.BudgetSpent(_video, (int)after.TotalSeconds);
        }

        return new BudgetException(after);
    }
}
