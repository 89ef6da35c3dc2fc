namespace TgVault.Cli.Chaos.Model;

/// <summary>
/// What a value of the vault may be. A change that was answered makes it known. One whose answer was lost leaves two values possible, and
/// may also come late: a vault that was stopped in the middle of a request carries it out when it goes on. Only when that process is gone
/// can a look say which it is. For many threads.
/// </summary>
sealed class Possible<T>(T first)
    where T : notnull
{
    readonly Lock _lock = new();
    readonly HashSet<T> _settled = [first];
    readonly Dictionary<T, int> _late = [];
    readonly HashSet<T> _underWay = [];

    /// <summary>The change is asked for: until its answer comes, either may be.</summary>
    public void Begin(T value)
    {
        lock (_lock)
            _underWay.Add(value);
    }

    /// <summary>The change was refused: nothing of it was done.</summary>
    public void Refuse(T value)
    {
        lock (_lock)
            _underWay.Remove(value);
    }

    /// <summary>The change was answered.</summary>
    public void Acknowledge(T value)
    {
        lock (_lock)
        {
            _underWay.Remove(value);
            _settled.Clear();
            _settled.Add(value);
        }
    }

    /// <summary>The change got no answer.</summary>
    /// <param name="value">What it wanted.</param>
    /// <param name="life">Which of the vault's processes it may have reached, at the latest.</param>
    public void Lose(T value, int life)
    {
        lock (_lock)
        {
            _underWay.Remove(value);
            _late[value] = life;
        }
    }

    /// <param name="value">What may be.</param>
    /// <param name="life">The vault's process of now.</param>
    public bool Allows(T value, int life)
    {
        lock (_lock)
        {
            Settle(life);
            return _settled.Contains(value) || _late.ContainsKey(value) || _underWay.Contains(value);
        }
    }

    /// <summary>Whether it can be nothing else.</summary>
    public bool IsOnly(T value, int life)
    {
        lock (_lock)
        {
            Settle(life);
            return _late.Count == 0 && _underWay.Count == 0 && _settled.Count == 1 && _settled.Contains(value);
        }
    }

    /// <summary>The vault said so, while no change was under way. False where that cannot be.</summary>
    public bool Observe(T value, int life)
    {
        lock (_lock)
        {
            Settle(life);
            if (!_settled.Contains(value) && !_late.ContainsKey(value))
                return false;
            if (_late.Count == 0)
            {
                _settled.Clear();
                _settled.Add(value);
            }

            return true;
        }
    }

    /// <summary>What may be, for a message.</summary>
    public override string ToString()
    {
        lock (_lock)
            return string.Join(" or ", _settled.Concat(_late.Keys).Concat(_underWay).Distinct().Select(value => $"\"{value}\""));
    }

    void Settle(int life)
    {
        foreach (var (value, until) in _late.Where(late => late.Value < life).ToList())
        {
            _late.Remove(value);
            _settled.Add(value);
        }
    }
}
