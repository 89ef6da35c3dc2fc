using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using TgVault.Core.Ffmpeg.Caging;

namespace TgVault.Core.Ffmpeg;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 where it says that it worked.</param>
/// <param name="ErrorTail">Its last words.</param>
sealed record FfmpegEnd(int ExitCode, string ErrorTail);

/// <summary>
/// The one place where ffmpeg and ffprobe are started. Arguments are a list and never a command line. What they may see and use is a
/// <see cref="Cage"/>, what is kept of the output is bounded, and the program ends, with what it started itself, when the caller gives up.
/// </summary>
static class FfmpegProcess
{
    const int ErrorTailBytes = 8 << 10;

    // A killed program is gone at once, unless the system is busy writing for it.
    static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    // 128 and a signal that ends a terminal's or a service's processes (HUP, INT, TERM), or what ffmpeg makes of one.
    static readonly ImmutableArray<int> EndedBySignal = [129, 130, 143, 255];

    // Of a shell that could not become the program.
    const int CannotRun = 126;
    const int NotFound = 127;

    // ENOMEM and EAGAIN.
    const int NoMemory = 12;
    const int NoProcess = 11;

    // Ctrl-C reaches the program as well, and it may be gone a moment before this process hears of it.
    static readonly TimeSpan SignalSlack = TimeSpan.FromSeconds(2);

    /// <param name="tools">The programs.</param>
    /// <param name="program">ffmpeg or ffprobe.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cage">What it may see and use, and how long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="read">
    /// Reads what it prints, while it prints. What that throws ends the program, and is thrown on. Nothing is kept where nobody reads.
    /// </param>
    /// <exception cref="FfmpegException">It is missing, may not run, or took too long. An exit code is no exception.</exception>
    /// <exception cref="VaultException">The machine has no memory left to start it. The file is not at fault.</exception>
    public static async Task<FfmpegEnd> RunAsync(
        FfmpegTools tools,
        string program,
        ImmutableArray<string> arguments,
        Cage cage,
        CancellationToken cancellationToken,
        Func<Stream, CancellationToken, Task>? read = null
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var process = Start(tools, program, arguments, cage);
        limited.CancelAfter(cage.Bounds.Time);
        try
        {
            process.StandardInput.Close();
            var errors = ReadTailAsync(process.StandardError.BaseStream, limited.Token);
            await ReadAsync(process, read, errors, limited.Token);
            await Task.WhenAll(errors, process.WaitForExitAsync(limited.Token));
            // A file is not at fault for that: whoever stops, too, must not take it for a failure.
            if (EndedBySignal.Contains(process.ExitCode))
                await Task.Delay(SignalSlack, cancellationToken);
            return process.ExitCode is CannotRun or NotFound
                ? throw NotStarted(program, await errors)
                : new FfmpegEnd(process.ExitCode, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var limit = cage.Bounds.Time;
            var length = limit.TotalMinutes >= 1 ? $"{limit.TotalMinutes:0} minutes" : $"{limit.TotalSeconds:0} s";
            throw new FfmpegException($"{program} did not finish within {length}.", -1, "");
        }
        finally
        {
            await KillAsync(process);
        }
    }

    static Process Start(FfmpegTools tools, string program, ImmutableArray<string> arguments, Cage cage)
    {
        if (tools.PathOf(program) is not { } path)
            throw NotStarted(program, "");
        try
        {
            return CagedStart.Start(path, arguments, cage with { Writes = cage.Writes.AddRange(tools.Notes) });
        }
        catch (Exception exception)
            when (exception is OutOfMemoryException || exception is Win32Exception { NativeErrorCode: NoMemory or NoProcess })
        {
            throw new VaultException(
                $"The machine has too little memory left to start {program}. Stop something else or give it more, and retry.",
                exception
            );
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            throw NotStarted(program, "", exception);
        }
    }

    static FfmpegException NotStarted(string program, string said, Exception? exception = null) =>
        new($"{program} could not be started: install FFmpeg, or set TgVault__Ffmpeg__Folder to where it is.", -1, said, exception);

    // A reader that gives up leaves a program that nobody reads: it is ended, which ends its errors too.
    static async Task ReadAsync(
        Process process,
        Func<Stream, CancellationToken, Task>? read,
        Task errors,
        CancellationToken cancellationToken
    )
    {
        var output = process.StandardOutput.BaseStream;
        try
        {
            await (read?.Invoke(output, cancellationToken) ?? Task.CompletedTask);
            // To the end, so that the program never waits for somebody to read.
            await output.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch
        {
            await KillAsync(process);
            await errors.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
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
