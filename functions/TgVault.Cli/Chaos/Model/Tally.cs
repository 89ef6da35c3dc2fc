using System.Collections.Concurrent;

namespace TgVault.Cli.Chaos.Model;

/// <summary>What is counted of a run: what was done and met, and how often each invariant was looked at and found broken.</summary>
sealed class Tally
{
    // Enough to find the fault by; the count goes on.
    const int MostTold = 50;

    readonly ConcurrentDictionary<(string Group, string What), long> _counts = new();
    readonly ConcurrentDictionary<Invariant, long> _checks = new();
    readonly ConcurrentQueue<string> _broken = new();
    long _breaks;

    /// <summary>Called with each break, for the log of the run.</summary>
    public Action<string> OnBreak { get; init; } = _ => { };

    /// <summary>What was broken, as sentences; the first fifty.</summary>
    public IReadOnlyCollection<string> Broken => _broken;

    public long Breaks => Interlocked.Read(ref _breaks);

    public void Count(string group, string what, long by = 1) => _counts.AddOrUpdate((group, what), by, (_, count) => count + by);

    public long Of(string group, string what) => _counts.GetValueOrDefault((group, what));

    /// <summary>By group, then by name.</summary>
    public IReadOnlyList<(string Group, string What, long Count)> Counts =>
        [
            .. _counts
                .Select(pair => (pair.Key.Group, pair.Key.What, pair.Value))
                .OrderBy(count => count.Group, StringComparer.Ordinal)
                .ThenBy(count => count.What, StringComparer.Ordinal),
        ];

    public long ChecksOf(Invariant invariant) => _checks.GetValueOrDefault(invariant);

    public long BreaksOf(Invariant invariant) => Of("broken", invariant.ToString());

    /// <summary>Looks at an invariant once.</summary>
    /// <param name="told">What is wrong where it does not hold.</param>
    public bool Check(Invariant invariant, bool holds, Func<string> told)
    {
        _checks.AddOrUpdate(invariant, 1, (_, count) => count + 1);
        if (holds)
            return true;
        Count("broken", invariant.ToString());
        var sentence = $"{invariant.Text()}: {told()}";
        if (Interlocked.Increment(ref _breaks) <= MostTold)
            _broken.Enqueue(sentence);
        OnBreak(sentence);
        return false;
    }

    public void Break(Invariant invariant, string told) => Check(invariant, holds: false, () => told);
}
