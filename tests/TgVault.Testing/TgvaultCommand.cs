using System.Diagnostics;

namespace TgVault.Testing;

/// <summary>What one run of the command line printed.</summary>
public sealed record CommandOutput(int ExitCode, string Output, string Error);

/// <summary>Runs the real command line as a process of its own, as a person would.</summary>
public static class TgvaultCommand
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task<CommandOutput> RunAsync(string folder, params string[] arguments) =>
        await RunAsync(folder, new Dictionary<string, string>(), arguments);

    /// <param name="folder">The current folder of the command.</param>
    /// <param name="environment">Variables beyond those of the test.</param>
    public static async Task<CommandOutput> RunAsync(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> arguments
    )
    {
        using var process = Start(folder, environment, arguments);
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

    /// <summary>Starts it with all three standard streams as pipes.</summary>
    /// <param name="folder">The current folder of the command.</param>
    /// <param name="environment">Variables beyond those of the test.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="launcher">A program that becomes the command, with its arguments.</param>
    public static Process Start(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string>? launcher = null
    )
    {
        string[] line = [.. launcher ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "tgvault.dll"), .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "TGVAULT_DATA", "TGVAULT_URL", "TGVAULT_KEY" })
            start.Environment.Remove(name);
        if (RepositoryFolders.Layer() is { Length: > 0 } layer)
            start.Environment["TgVault__Ffmpeg__Folder"] = layer;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
