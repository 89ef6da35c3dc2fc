namespace TgVault.BotApi.Faults;

/// <summary>The faults that are waiting to strike, in the order they were added.</summary>
public sealed class FaultPlan
{
    readonly Lock _lock = new();
    readonly List<Pending> _pending = [];
    long _bytesPerSecond;

    /// <summary>Cap of every connection in each direction; 0 = none.</summary>
    public long BytesPerSecond
    {
        get => Interlocked.Read(ref _bytesPerSecond);
        set => Interlocked.Exchange(ref _bytesPerSecond, Math.Max(0, value));
    }

    /// <summary>Lets a fault wait for its calls.</summary>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_lock)
            _pending.Add(new Pending(fault));
    }

    /// <summary>The next calls of a method (null = any) meet this fault, this often.</summary>
    public void Next(FaultKind kind, string? method = null, int times = 1) =>
        Add(
            new Fault
            {
                Kind = kind,
                Method = method,
                Times = times,
            }
        );

    /// <summary>Nothing goes wrong any more, and no bandwidth is capped.</summary>
    public void Clear()
    {
        BytesPerSecond = 0;
        lock (_lock)
            _pending.Clear();
    }

    /// <summary>Those that have not struck as often as they may.</summary>
    public IReadOnlyList<Fault> List()
    {
        lock (_lock)
            return [.. _pending.Select(pending => pending.Fault with { Times = pending.Left })];
    }

    /// <summary>What strikes this call: any delays, and at most one fault besides.</summary>
    internal Strike Take(string method, long bot, long? chat)
    {
        lock (_lock)
        {
            var delay = TimeSpan.Zero;
            Fault? struck = null;
            foreach (var pending in _pending)
            {
                var isDelay = pending.Fault.Kind == FaultKind.Delay;
                if ((struck is not null && !isDelay) || !pending.Strikes(method, bot, chat))
                    continue;
                if (isDelay)
                    delay += TimeSpan.FromSeconds(pending.Fault.DelaySeconds);
                else
                    struck = pending.Fault;
            }

            _pending.RemoveAll(pending => pending.Left == 0);
            return new Strike(struck, delay);
        }
    }

    sealed class Pending(Fault fault)
    {
#pragma warning disable CA5394 // Repeatable chance is the point: no secret depends on it.
        readonly Random _random = new(fault.Seed);

        public Fault Fault => fault;

        public int? Left { get; private set; } = fault.Times;

        public bool Strikes(string method, long bot, long? chat)
        {
            if (!Concerns(method) || Left == 0)
                return false;
            if ((fault.Bot is { } onlyBot && onlyBot != bot) || (fault.Chat is { } onlyChat && onlyChat != chat))
                return false;
            if (fault.Probability < 1 && _random.NextDouble() >= fault.Probability)
                return false;
            Left--;
            return true;
        }
#pragma warning restore CA5394

        // A fault for all methods strikes only where its kind means something.
        bool Concerns(string method)
        {
            var isFile = method == Fault.FileGet;
            var fits = fault.Kind switch
            {
                FaultKind.FlippedBit or FaultKind.RangeIgnored or FaultKind.LinkExpired => isFile,
                FaultKind.MessageGone or FaultKind.TooManyRequestsAs400 => !isFile,
                _ => true,
            };
            return fits && (fault.Method is null || fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase));
        }
    }
}

/// <summary>What one call meets.</summary>
readonly record struct Strike(Fault? Fault, TimeSpan Delay)
{
    public bool Is(FaultKind kind) => Fault?.Kind == kind;
}
