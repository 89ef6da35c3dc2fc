using System.Diagnostics;

namespace TgVault.Testing;

/// <summary>Programs of others that tests run: to their end, within a limit, with what they printed.</summary>
public static class OtherProgram
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // None of them needs to tell anybody that it ran, nor leaves a server behind.
    static readonly (string Name, string Value)[] Quiet =
    [
        ("REDOCLY_TELEMETRY", "off"),
        ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
        ("NO_COLOR", "1"),
        ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        ("MSBUILDDISABLENODEREUSE", "1"),
    ];

    /// <summary>A script of a package of npm: its path below node_modules, then its arguments.</summary>
    public static Task<CommandOutput> NodeAsync(string folder, string script, params string[] arguments) =>
        RunAsync(folder, new Dictionary<string, string>(), ["node", Path.Combine(RepositoryFolders.NodeModules(), script), .. arguments]);

    /// <param name="folder">Its current folder.</param>
    /// <param name="environment">Variables beyond those of the test.</param>
    /// <param name="line">The program, then its arguments.</param>
    public static async Task<CommandOutput> RunAsync(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params IReadOnlyList<string> line
    )
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Quiet)
            start.Environment[name] = value;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandOutput(process.ExitCode, output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
