using System.Diagnostics;

namespace TgVault.Cli.Local;

/// <summary>
/// A program that this process runs and that ends with it, however it ends: the child watches the pipe that is its standard input.
/// What it printed last is kept, to explain a failed start.
/// </summary>
sealed class ChildProcess : IAsyncDisposable
{
    const int OutputLines = 40;

    readonly Process _process;
    readonly TimeSpan _longestStop;
    readonly Queue<string> _output = new();

    ChildProcess(Process process, TimeSpan longestStop)
    {
        _process = process;
        _longestStop = longestStop;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Completes when the child ends, asked or not.</summary>
    public Task Exited => _process.WaitForExitAsync(CancellationToken.None);

    /// <summary>What it printed last, as a sentence that ends a message.</summary>
    public string Printed
    {
        get
        {
            lock (_output)
                return _output.Count == 0 ? "It printed nothing." : $"It printed:\n{string.Join('\n', _output)}";
        }
    }

    /// <param name="start">Program, arguments and environment; the pipes are set here.</param>
    /// <param name="longestStop">How long a graceful stop may take before it is killed.</param>
    /// <param name="onLine">Sees every line of either output as it comes.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ChildProcess Start(ProcessStartInfo start, TimeSpan longestStop, Action<string>? onLine = null)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new UnreachableException($"bug: starting {start.FileName} gave no process");
        var child = new ChildProcess(process, longestStop);
        process.OutputDataReceived += (_, line) => child.Take(line.Data, onLine);
        process.ErrorDataReceived += (_, line) => child.Take(line.Data, onLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Asks it to end by closing its input; kills it only if that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(_longestStop);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            _process.Dispose();
        }
    }

    void Take(string? line, Action<string>? onLine)
    {
        if (line is null)
            return;
        onLine?.Invoke(line);
        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > OutputLines)
                _output.Dequeue();
        }
    }
}
