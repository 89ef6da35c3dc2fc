namespace TgVault.BotApi.Faults;

/// <summary>The faults that stand, drawn from one seeded source, and the bandwidth each connection gets.</summary>
public sealed class FaultPlan
{
    public const string FileRoute = "file";

    readonly Lock _lock = new();
    readonly List<Standing> _standing = [];
    Random _random = new(1);
    int _lastId;

    /// <summary>Bytes a second for each download; 0 = no cap.</summary>
    public long DownloadBytesPerSecond { get; set; }

    /// <summary>Bytes a second for each upload; 0 = no cap.</summary>
    public long UploadBytesPerSecond { get; set; }

    public int Add(Fault fault)
    {
        lock (_lock)
        {
            _standing.Add(new Standing(++_lastId, fault));
            return _lastId;
        }
    }

    public bool Remove(int id)
    {
        lock (_lock) return _standing.RemoveAll(standing => standing.Id == id) > 0;
    }

    public void Clear()
    {
        lock (_lock) _standing.Clear();
        DownloadBytesPerSecond = 0;
        UploadBytesPerSecond = 0;
    }

    /// <summary>Draws from this seed from now on.</summary>
    public void Reseed(int seed)
    {
        lock (_lock) _random = new Random(seed);
    }

    public IReadOnlyList<(int Id, Fault Fault, int Fired)> List()
    {
        lock (_lock) return [.. _standing.Select(standing => (standing.Id, standing.Fault, standing.Fired))];
    }

    /// <summary>What befalls this call: any number of changes to the answer, and at most one failure, which comes last.</summary>
    internal IReadOnlyList<Fault> Take(string method, long botId, long? chatId)
    {
        lock (_lock)
        {
            if (_standing.Count == 0) return [];
            List<Fault> taken = [];
            foreach (var standing in _standing)
            {
                var fault = standing.Fault;
                if (!Matches(fault, method, botId, chatId) || standing.Fired >= (fault.Times ?? int.MaxValue)) continue;
                if (fault.Probability < 1 && _random.NextDouble() >= fault.Probability) continue;
                standing.Fired++;
                taken.Add(fault);
                if (!fault.GoesOn) break;
            }

            return taken;
        }
    }

    static bool Matches(Fault fault, string method, long botId, long? chatId)
    {
        var onFile = method == FileRoute;
        if (onFile ? fault.OnlyOnMethods : fault.OnlyOnFiles) return false;
        return (fault.Method is null || string.Equals(fault.Method, method, StringComparison.OrdinalIgnoreCase))
            && (fault.BotId is null || fault.BotId == botId)
            && (fault.ChatId is null || fault.ChatId == chatId);
    }

    sealed class Standing(int id, Fault fault)
    {
        public int Id => id;

        public Fault Fault => fault;

        public int Fired { get; set; }
    }
}
