using System.Diagnostics;
using System.Reflection;
using System.Runtime.Versioning;

// The compiler comes as a package for Linux.
[assembly: SupportedOSPlatform("linux")]

namespace TgVault.Infra.Tests;

/// <summary>The real Bicep compiler, from its package.</summary>
static class BicepCli
{
    static readonly string Path = Metadata("BicepCli");

    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static async Task<BicepResult> RunAsync(string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        // Packages come without mode bits.
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(Path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Parameter files read these; the tests must not depend on who runs them.
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("AZURE_", StringComparison.Ordinal) || name.StartsWith("TGVAULT_", StringComparison.Ordinal)
                )
                .ToArray()
        )
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("bicep did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new BicepResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    static string Metadata(string key) =>
        typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}

/// <summary>Bicep writes its diagnostics, warnings too, to standard error.</summary>
sealed record BicepResult(int ExitCode, string Output, string Diagnostics);
