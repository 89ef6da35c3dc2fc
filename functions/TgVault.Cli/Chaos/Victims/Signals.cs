using System.Runtime.InteropServices;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>What processes are told from outside (signal(7)).</summary>
static class Signals
{
    /// <summary>Ends it at once.</summary>
    public const int Kill = 9;

    /// <summary>Ends it in good order.</summary>
    public const int Terminate = 15;

    /// <summary>Stops it where it is.</summary>
    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>Lets it go on.</summary>
    public static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>One that is gone is told nothing.</summary>
    public static void Send(int process, int signal) => _ = SendSignal(process, signal);

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, and this needs no marshalling.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SendSignal(int process, int signal);
#pragma warning restore SYSLIB1054
}
