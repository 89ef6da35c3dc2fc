using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>
/// Starts a program in a cage. A shell sets the limits and becomes the program; a thread that lives no longer than the start confines
/// itself, which what it starts inherits. The program has an empty environment: the vault's holds the master secret and the bots' tokens.
/// </summary>
static class CagedStart
{
    const string Shell = "/bin/sh";

    // Each limit by itself: one that is lower already stays. Of processes, two shells call it by two letters. Who writes more than allowed
    // is told so, rather than ended by a signal.
    const string Script = """
        umask 077
        ulimit -c 0
        ulimit -t "$1"
        ulimit -f "$2"
        ulimit -d "$3"
        ulimit -v "$4"
        ulimit -u "$5" || ulimit -p "$5"
        trap '' XFSZ
        unset PWD OLDPWD SHLVL _
        shift 5
        exec 2>&3 3>&-
        exec "$@"
        """;

    // A stack, and what the allocator sets aside for a thread.
    const long AddressesPerThread = 160L << 20;
    const long LeastAddresses = 1L << 30;

    static readonly Lazy<bool> Warmed = new(Warm);

    /// <exception cref="Win32Exception">The system could not start it.</exception>
    public static Process Start(string path, ImmutableArray<string> arguments, Cage cage)
    {
        var start = OperatingSystem.IsWindows() ? Plain(path, arguments) : Limited(path, arguments, cage.Bounds);
        if (!OperatingSystem.IsLinux())
            return Begin(start);
        _ = Warmed.Value;
        return OnThreadOfItsOwn(() =>
        {
            if (LinuxCalls.ForbidNewPrivileges())
            {
                if (CageReport.Landlock > 0)
                    FileRules.Apply(CageReport.Landlock, path, cage);
                CallFilter.Apply();
            }

            return Begin(start);
        });
    }

    static ProcessStartInfo Limited(string path, ImmutableArray<string> arguments, RunBounds bounds)
    {
        const long block = 512,
            kilobyte = 1024;
        var threads = (3 * Environment.ProcessorCount) + 8;
        long[] limits =
        [
            (long)Math.Ceiling(bounds.CpuTime.TotalSeconds),
            bounds.FileBytes / block,
            bounds.MemoryBytes / kilobyte,
            (bounds.MemoryBytes + LeastAddresses + (AddressesPerThread * threads)) / kilobyte,
            MostProcesses(threads),
        ];
        return Plain(
            Shell,
            [
                "-c",
                // What the shell complains of is nobody's business, what the program says is.
                $"exec 3>&2 2>/dev/null\n{Script}",
                "sh",
                .. limits.Select(limit => limit.ToString(CultureInfo.InvariantCulture)),
                path,
                .. arguments,
            ]
        );
    }

    // The limit counts all threads of the user, who may run other things: as many as there are, and what one program needs.
    static long MostProcesses(int threads)
    {
        const int room = 64;
        try
        {
            // "0.00 0.01 0.05 2/345 6789"
            var load = File.ReadAllText("/proc/loadavg").Split(' ', '/');
            return long.Parse(load[4], NumberStyles.None, CultureInfo.InvariantCulture) + threads + room;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return 4096;
        }
    }

    static ProcessStartInfo Plain(string path, ImmutableArray<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        // Nothing of Windows starts without it.
        var system = OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("SystemRoot") : null;
        start.Environment.Clear();
        if (system is not null)
            start.Environment["SystemRoot"] = system;
        return start;
    }

    static Process Begin(ProcessStartInfo start) => Process.Start(start) ?? throw new InvalidOperationException("No process was started.");

    static Process OnThreadOfItsOwn(Func<Process> start)
    {
        Process? started = null;
        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    started = start();
                }
#pragma warning disable CA1031 // Thrown on by the thread that waits.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    failed = ExceptionDispatchInfo.Capture(exception);
                }
            },
            maxStackSize: 512 << 10
        );
        thread.UnsafeStart();
        thread.Join();
        failed?.Throw();
        return started!;
    }

    // A confined thread cannot load assemblies: what starting needs, well or not, is loaded before the first one.
    static bool Warm()
    {
        using (var process = Begin(Plain(Shell, ["-c", ":"])))
            process.WaitForExit();
        try
        {
            using var none = Begin(Plain("/nonexistent/program", []));
        }
        catch (Win32Exception exception)
        {
            return exception.Message.Length > 0;
        }

        return true;
    }
}
