using System.Diagnostics;

namespace TgVault.Infra.Tests;

/// <summary>A script of infra/, run with programs that stand in for those it calls.</summary>
/// <param name="name">Its file in infra/.</param>
/// <param name="folder">Where the stand-ins are; the script finds them before what the machine has.</param>
sealed class InfraScript(string name, string folder)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Puts a stand-in into the folder.</summary>
    public void Add(string program, string text)
    {
        var path = Path.Combine(folder, program);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs it with nobody at the terminal, and without waiting between attempts; returns its exit code.</summary>
    public async Task<int> RunAsync(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> variables)
    {
        using var limit = new CancellationTokenSource(Longest);
        var start = new ProcessStartInfo("bash", [Path.Combine(BicepCli.RepositoryRoot, "infra", name), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}", ["TGVAULT_ATTEMPTS"] = "1" },
        };
        foreach (var (variable, value) in variables)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        _ = (await output, await error);
        return process.ExitCode;
    }
}
