namespace TgVault.Cli.Terminal;

/// <summary>
/// How far something is, as its bar shows it. What was counted once stays counted: a block that is sent again does not make it go back.
/// Safe to tell from many threads.
/// </summary>
sealed class Transfer(string title, TimeProvider time, Action<string>? said = null) : IProgress<(long Done, long Total)>
{
    readonly Lock _lock = new();
    readonly Pace _pace = new(time);
    long _done;
    long _total;
    string? _note;

    /// <summary>Of 0 to 100; 0 where the whole is not known.</summary>
    public int Percent
    {
        get
        {
            lock (_lock)
                return _total > 0 ? (int)(100 * Math.Min(_done, _total) / _total) : 0;
        }
    }

    public void Report((long Done, long Total) value)
    {
        lock (_lock)
        {
            _done = value.Total == _total ? Math.Max(_done, value.Done) : value.Done;
            _total = value.Total;
            _pace.Add(_done);
        }
    }

    /// <summary>What it waits for, in place of the rate; null: it goes on. Where there is no bar, each is said once.</summary>
    public void Note(string? note)
    {
        lock (_lock)
        {
            if (note == _note)
                return;
            _note = note;
        }

        if (note is not null)
            said?.Invoke(note);
    }

    /// <summary>One line for a terminal of so many columns.</summary>
    public string LineOf(int width)
    {
        lock (_lock)
            return TransferLine.Of(new TransferState(title, _done, _total, _pace.BytesPerSecond, _note), width);
    }
}
