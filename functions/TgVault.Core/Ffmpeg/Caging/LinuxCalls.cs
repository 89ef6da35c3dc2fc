using System.Runtime.InteropServices;

namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>The calls of Linux that a thread confines itself by. What they confine is the thread, and every process it starts.</summary>
static class LinuxCalls
{
    // The same on every architecture.
    const int CreateRulesetNumber = 444;
    const int AddRuleNumber = 445;
    const int RestrictSelfNumber = 446;
    const int PathBeneath = 1;
    const int SetNoNewPrivileges = 38;
    const int SetSeccomp = 22;
    const int SeccompFilter = 2;

    // O_PATH and O_CLOEXEC.
    const int PathOnly = 0x280000;

    /// <summary>The version of Landlock; 0 where the kernel has none, or it is switched off.</summary>
    public static int LandlockVersion()
    {
        const int onlyVersion = 1;
        return Math.Max(0, (int)Ask(CreateRulesetNumber, 0, 0, onlyVersion));
    }

    /// <summary>A ruleset's handle; below 0 where it was refused.</summary>
    public static int CreateRuleset(in RulesetAttributes attributes) =>
        (int)Create(CreateRulesetNumber, in attributes, Marshal.SizeOf<RulesetAttributes>(), 0);

    /// <summary>Allows these rights on the file, or on all in the folder. What is not there needs none.</summary>
    public static void Allow(int ruleset, string path, ulong rights)
    {
        var opened = Open(path, PathOnly);
        if (opened < 0)
            return;
        _ = Add(AddRuleNumber, ruleset, PathBeneath, new PathRule { Rights = rights, Parent = opened }, 0);
        _ = Close(opened);
    }

    /// <summary>Puts the rules on the calling thread, for ever.</summary>
    public static bool Restrict(int ruleset) => Ask(RestrictSelfNumber, ruleset, 0, 0) == 0;

    public static void CloseRuleset(int ruleset) => _ = Close(ruleset);

    /// <summary>No program that the thread starts can gain rights, by set-user-id, say. The others need this first.</summary>
    public static bool ForbidNewPrivileges() => Control(SetNoNewPrivileges, 1, 0, 0, 0) == 0;

    /// <summary>Puts the filter on the calling thread, for ever.</summary>
    public static bool Filter(in FilterProgram program) => Control(SetSeccomp, SeccompFilter, in program, 0, 0) == 0;

    [StructLayout(LayoutKind.Sequential)]
    public struct RulesetAttributes
    {
        public ulong Files;
        public ulong Network;
        public ulong Scoped;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    struct PathRule
    {
        public ulong Rights;
        public int Parent;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        public ushort Length;
        public nint Instructions;
    }

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, and these need no marshalling but a string.
    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint Ask(nint number, nint first, nint second, nint third);

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint Create(nint number, in RulesetAttributes attributes, nint size, nint flags);

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint Add(nint number, nint ruleset, nint type, in PathRule rule, nint flags);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Control(int option, nint first, nint second, nint third, nint fourth);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Control(int option, nint mode, in FilterProgram program, nint third, nint fourth);

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Close(int file);
#pragma warning restore SYSLIB1054
}
