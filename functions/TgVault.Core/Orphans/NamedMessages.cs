using TgVault.Core.Chunks.Intents;

namespace TgVault.Core.Orphans;

/// <summary>
/// The messages of one channel that the rows name, as far as notes ask for them: memory follows the notes, not the library.
/// </summary>
sealed class NamedMessages
{
    readonly HashSet<int> _named = [];
    readonly HashSet<int> _single;

    // Apart from each other, in order.
    readonly List<(int First, int Last)> _ranges = [];

    /// <param name="newest">The highest message that was seen.</param>
    /// <param name="intents">Notes of what may have been posted in the channel.</param>
    public NamedMessages(int newest, IEnumerable<PostIntent> intents)
    {
        var all = intents.ToList();
        Newest = all.Select(intent => Math.Max(intent.After, intent.Message)).Append(newest).Max();
        _single = [.. all.SelectMany(intent => (int[])[intent.Message, intent.Source]).Where(message => message > 0)];
        foreach (var (first, last) in all.Where(intent => intent.Message == 0).Select(RangeOf).Order())
        {
            if (_ranges.Count > 0 && first <= _ranges[^1].Last)
                _ranges[^1] = (_ranges[^1].First, Math.Max(_ranges[^1].Last, last));
            else
                _ranges.Add((first, last));
        }
    }

    /// <summary>The highest number that is known to be given out.</summary>
    public int Newest { get; private set; }

    /// <summary>A row names this one.</summary>
    public void Add(int message)
    {
        Newest = Math.Max(Newest, message);
        if (IsAsked(message))
            _named.Add(message);
    }

    /// <summary>Whether a row names it. Only for those that are asked for.</summary>
    public bool Contains(int message) => _named.Contains(message);

    /// <summary>Whether a note may be of it.</summary>
    public bool IsAsked(int message)
    {
        if (_single.Contains(message))
            return true;
        var place = _ranges.BinarySearch((message, int.MaxValue));
        var before = place >= 0 ? place : ~place - 1;
        return before >= 0 && message <= _ranges[before].Last;
    }

    // Up to which message is known only when all that the rows name is.
    static (int First, int Last) RangeOf(PostIntent intent) => (intent.After + 1, intent.Until > 0 ? intent.Until : int.MaxValue);
}
