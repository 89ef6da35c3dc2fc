using System.Runtime.InteropServices;

namespace TgVault.Cli.Terminal;

/// <summary>
/// Ctrl-C, SIGTERM and the end of the terminal as a cancellation: what runs ends in good order. The second of them ends the process
/// at once. The only place that listens to signals; a signal that was ignored when the process began (nohup) stays ignored.
/// </summary>
sealed class StopSignals : IDisposable
{
    // The shell's way to say that a signal ended a program.
    const int EndedBySignal = 128;

    readonly CancellationTokenSource _stop = new();
    readonly PosixSignalRegistration[] _registrations;
    int _seen;

    public StopSignals() =>
        _registrations = [
            .. new[] { (PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15) }.Select(signal =>
                PosixSignalRegistration.Create(signal.Item1, context => Take(context, signal.Item2))
            ),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    void Take(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _seen) > 1)
            Environment.Exit(EndedBySignal + number);
        _stop.Cancel();
    }
}
