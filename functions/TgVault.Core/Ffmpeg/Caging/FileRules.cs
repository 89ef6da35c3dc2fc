using System.Collections.Immutable;

namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>
/// Which files a caged program may open (Landlock: landlock(7) of the kernel's documentation). Everything that is not named is refused,
/// and so are TCP, and signals and traces to processes outside, as far as the kernel's version knows them.
/// </summary>
static class FileRules
{
    const ulong Execute = 1 << 0;
    const ulong WriteFile = 1 << 1;
    const ulong ReadFile = 1 << 2;
    const ulong ReadFolder = 1 << 3;
    const ulong MakeFile = 1 << 8;
    const ulong RemoveFile = 1 << 5;
    const ulong FirstVersion = (1 << 13) - 1;
    const ulong Refer = 1 << 13;
    const ulong Truncate = 1 << 14;
    const ulong Device = 1 << 15;
    const ulong Tcp = 3;
    const ulong SocketsAndSignals = 3;

    // Where systems keep programs and their libraries. Nobody's films are there.
    static readonly ImmutableArray<string> Systems =
    [
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/nix/store",
        "/gnu/store",
        "/home/linuxbrew/.linuxbrew",
        "/sys/devices/system/cpu",
        "/dev/urandom",
        "/dev/zero",
    ];

    /// <summary>Puts the rules on the calling thread; false where the kernel does not know them.</summary>
    /// <param name="version">Of Landlock.</param>
    /// <param name="program">The path of the program; what lies beside it, or in <c>../lib</c>, is taken for its libraries.</param>
    /// <param name="cage">The files.</param>
    public static bool Apply(int version, string program, Cage cage)
    {
        var truncate = version >= 3 ? Truncate : 0;
        var ruleset = LinuxCalls.CreateRuleset(
            new LinuxCalls.RulesetAttributes
            {
                Files = FirstVersion | (version >= 2 ? Refer : 0) | truncate | (version >= 5 ? Device : 0),
                Network = version >= 4 ? Tcp : 0,
                // Before version 7 it also kept the threads of one process from signalling each other, which the runtime does.
                Scoped = version >= 7 ? SocketsAndSignals : 0,
            }
        );
        if (ruleset < 0)
            return false;
        try
        {
            foreach (var path in Systems.AddRange(FoldersOf(program)))
                LinuxCalls.Allow(ruleset, path, Execute | ReadFile | (Directory.Exists(path) ? ReadFolder : 0));
            LinuxCalls.Allow(ruleset, "/dev/null", ReadFile | WriteFile);
            foreach (var path in cage.Reads)
                LinuxCalls.Allow(ruleset, path, ReadFile);
            foreach (var path in cage.Writes)
            {
                if (File.Exists(path))
                    LinuxCalls.Allow(ruleset, path, ReadFile | WriteFile | truncate);
                else
                    LinuxCalls.Allow(
                        ruleset,
                        Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!,
                        ReadFile | ReadFolder | WriteFile | MakeFile | RemoveFile | truncate
                    );
            }

            return LinuxCalls.Restrict(ruleset);
        }
        finally
        {
            LinuxCalls.CloseRuleset(ruleset);
        }
    }

    static IEnumerable<string> FoldersOf(string program)
    {
        foreach (var path in (string?[])[program, File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName])
        {
            if (path is null)
                continue;
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            yield return folder;
            yield return Path.Combine(Path.GetDirectoryName(folder) ?? folder, "lib");
        }
    }
}
