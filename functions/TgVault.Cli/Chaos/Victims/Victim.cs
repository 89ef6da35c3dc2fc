using System.Diagnostics;
using System.Globalization;
using TgVault.Cli.Local;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>A process of the run: started, stopped in the middle, killed, started again. What it prints goes to a file. One caller at a
/// time, but for what only looks.</summary>
abstract class Victim(string name, VictimPlace place) : IAsyncDisposable
{
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(40);

    readonly Lock _lock = new();
    ChildProcess? _child;
    bool _isExpectedToEnd;

    /// <summary>Counts the processes that there were, from 1; it rises as one has ended.</summary>
    public int Life { get; private set; } = 1;

    /// <summary>Completes with what was printed when a process ends that nobody ended.</summary>
    public TaskCompletionSource<string> EndedByItself { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When processes of it were ended, and since when they may not have done what they were told: Unix milliseconds.</summary>
    public IReadOnlyCollection<(long Since, long Until)> Ends
    {
        get
        {
            lock (_ends)
                return [.. _ends];
        }
    }

    /// <summary>Its process; 0 where none runs.</summary>
    public int ProcessId => _child is { HasExited: false } child ? child.Id : 0;

    protected VictimPlace Place => place;

    readonly List<(long Since, long Until)> _ends = [];

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var child = ChildProcess.Start(Program(), LongestStop, Log);
        (_child, _isExpectedToEnd) = (child, false);
        _ = WatchAsync(child);
        await WaitUntilReadyAsync(child.Exited, cancellationToken);
    }

    /// <summary>kill -9.</summary>
    /// <param name="since">Since when it was stopped; null where it was not.</param>
    public async Task KillAsync(DateTimeOffset? since = null)
    {
        if (_child is not { } child)
            return;
        Before(child.Id);
        _isExpectedToEnd = true;
        Signals.Send(child.Id, Signals.Kill);
        await child.Exited;
        await EndAsync(child, since);
    }

    /// <summary>Ends it in good order; its exit code.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<int> TerminateAsync()
    {
        if (_child is not { } child)
            return 0;
        Before(child.Id);
        _isExpectedToEnd = true;
        var since = DateTimeOffset.UtcNow;
        Signals.Send(child.Id, Signals.Terminate);
        await child.Exited.WaitAsync(LongestStop);
        var code = child.ExitCode;
        await EndAsync(child, since);
        return code;
    }

    public void Stop() => Tell(Signals.Stop);

    public void Continue() => Tell(Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_child is null)
            return;
        Continue();
        await KillAsync();
    }

    protected abstract ProcessStartInfo Program();

    /// <summary>Returns when it answers; ends with an exception where it ended, or does not answer for too long.</summary>
    protected abstract Task WaitUntilReadyAsync(Task exited, CancellationToken cancellationToken);

    /// <summary>The process is about to be ended.</summary>
    protected virtual void Before(int process) { }

    protected string Printed => _child?.Printed ?? "";

    async Task EndAsync(ChildProcess child, DateTimeOffset? since)
    {
        var now = DateTimeOffset.UtcNow;
        lock (_ends)
            _ends.Add(((since ?? now).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()));
        Life++;
        _child = null;
        await child.DisposeAsync();
    }

    async Task WatchAsync(ChildProcess child)
    {
        await child.Exited;
        if (!_isExpectedToEnd)
            EndedByItself.TrySetResult(string.Create(CultureInfo.InvariantCulture, $"exit code {child.ExitCode}. {child.Printed}"));
    }

    void Tell(int signal)
    {
        if (_child is { HasExited: false } child)
            Signals.Send(child.Id, signal);
    }

    void Log(string line)
    {
        lock (_lock)
            File.AppendAllText(
                Path.Combine(place.Folder, $"{name}.log"),
                string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {Life} {line}\n")
            );
    }
}
