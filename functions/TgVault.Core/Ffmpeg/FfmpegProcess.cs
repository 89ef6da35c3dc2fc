using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace TgVault.Core.Ffmpeg;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 where it says that it worked.</param>
/// <param name="Output">What it printed; null where that was more than is kept.</param>
/// <param name="ErrorTail">Its last words.</param>
sealed record FfmpegEnd(int ExitCode, byte[]? Output, string ErrorTail);

/// <summary>
/// The one place where ffmpeg and ffprobe are started. Arguments are a list and never a command line. Time and what is kept of the
/// output are bounded, and the program ends, with what it started itself, when the caller gives up.
/// </summary>
static class FfmpegProcess
{
    /// <summary>What ffprobe says of a file with a thousand streams is far below this.</summary>
    const int MaxOutputBytes = 16 << 20;

    const int ErrorTailBytes = 8 << 10;

    // A killed program is gone at once, unless the system is busy writing for it.
    static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    // 128 and a signal that ends a terminal's or a service's processes (HUP, INT, TERM), or what ffmpeg makes of one.
    static readonly ImmutableArray<int> EndedBySignal = [129, 130, 143, 255];

    // Ctrl-C reaches the program as well, and it may be gone a moment before this process hears of it.
    static readonly TimeSpan SignalSlack = TimeSpan.FromSeconds(2);

    /// <param name="tools">The programs.</param>
    /// <param name="program">ffmpeg or ffprobe.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FfmpegException">It is missing, may not run, or took too long. An exit code is no exception.</exception>
    public static async Task<FfmpegEnd> RunAsync(
        FfmpegTools tools,
        string program,
        ImmutableArray<string> arguments,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var process = Start(tools.PathOf(program), arguments);
        limited.CancelAfter(limit);
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput.BaseStream, limited.Token);
            var errors = ReadTailAsync(process.StandardError.BaseStream, limited.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(limited.Token));
            // A file is not at fault for that: whoever stops, too, must not take it for a failure.
            if (EndedBySignal.Contains(process.ExitCode))
                await Task.Delay(SignalSlack, cancellationToken);
            return new FfmpegEnd(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var length = limit.TotalMinutes >= 1 ? $"{limit.TotalMinutes:0} minutes" : $"{limit.TotalSeconds:0} s";
            throw new FfmpegException($"{program} did not finish within {length}.", -1, "");
        }
        finally
        {
            await KillAsync(process);
        }
    }

    static Process Start(string path, ImmutableArray<string> arguments)
    {
        var program = Path.GetFileName(path);
        try
        {
            return Process.Start(Caged(path, arguments)) ?? throw new InvalidOperationException("No process was started.");
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            throw new FfmpegException(
                $"{program} could not be started: install FFmpeg, or set TgVault__Ffmpeg__Folder to where it is.",
                -1,
                "",
                exception
            );
        }
    }

    // What the program may see and use is decided here: its environment, its folder, and limits of the system.
    static ProcessStartInfo Caged(string path, ImmutableArray<string> arguments) =>
        new(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };

    // Reads to the end whatever is kept, so that the program never waits for somebody to read.
    static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var piece = new byte[16 << 10];
        var isWhole = true;
        while (await stream.ReadAsync(piece, cancellationToken) is > 0 and var read)
        {
            isWhole &= kept.Length + read <= MaxOutputBytes;
            if (isWhole)
                kept.Write(piece, 0, read);
        }

        return isWhole ? kept.ToArray() : null;
    }

    static async Task<string> ReadTailAsync(Stream stream, CancellationToken cancellationToken)
    {
        var tail = new byte[2 * ErrorTailBytes];
        var length = 0;
        while (await stream.ReadAsync(tail.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length < tail.Length)
                continue;
            tail.AsSpan(ErrorTailBytes).CopyTo(tail);
            length = ErrorTailBytes;
        }

        var start = Math.Max(0, length - ErrorTailBytes);
        return Encoding.UTF8.GetString(tail, start, length - start).Trim();
    }

    static async Task KillAsync(Process process)
    {
        try
        {
            if (process.HasExited)
                return;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(KillTimeout);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or Win32Exception or AggregateException or TimeoutException)
        {
            // It ended by itself meanwhile, or the system will see to it.
        }
    }
}
