namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>What of the cage this system has, asked once.</summary>
public static class CageReport
{
    static readonly Lazy<(int Landlock, bool Filter)> Found = new(Find);

    /// <summary>The version of Landlock; 0 where there is none.</summary>
    internal static int Landlock => Found.Value.Landlock;

    /// <summary>Whether nothing is missing.</summary>
    internal static bool IsWhole => Found.Value is { Landlock: > 0, Filter: true };

    /// <summary>For who runs the vault: one sentence.</summary>
    public static string Sentence
    {
        get
        {
            var (landlock, filter) = Found.Value;
            var files = landlock > 0 ? "no files but its own" : "all files of the vault's user, for this system has no Landlock";
            var network = filter ? "no network" : "the network, for this system has no seccomp";
            var limits = OperatingSystem.IsWindows()
                ? "and no limits of the system, for Windows has none of these"
                : "limits of memory, processor time and file size";
            return $"ffmpeg runs with an empty environment, {limits}, {network} and {files}.";
        }
    }

    static (int Landlock, bool Filter) Find()
    {
        if (!OperatingSystem.IsLinux())
            return default;
        var filter = false;
        // A filter stays on its thread; this one ends.
        var thread = new Thread(() => filter = LinuxCalls.ForbidNewPrivileges() && CallFilter.Apply(), maxStackSize: 512 << 10);
        thread.UnsafeStart();
        thread.Join();
        return (LinuxCalls.LandlockVersion(), filter);
    }
}
