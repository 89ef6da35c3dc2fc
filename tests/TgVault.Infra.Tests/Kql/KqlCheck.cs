using System.Diagnostics;
using System.Text.Json;

namespace TgVault.Infra.Tests.Kql;

/// <summary>Microsoft's own Kusto parser and binder, which come as JavaScript (npm:
/// @kusto/language-service-next) and are run by Node.js.</summary>
static class KqlCheck
{
    static readonly string Script = Path.Combine(BicepCli.RepositoryRoot, "tests", "TgVault.Infra.Tests", "Kql", "check.cjs");

    /// <summary>What is wrong, each with the name of its query; all queries in one process, since loading the parser is most of the
    /// work.</summary>
    public static async Task<IReadOnlyList<KqlFinding>> RunAsync(IEnumerable<KqlQuery> queries, CancellationToken cancellationToken)
    {
        Assert.True(
            Directory.Exists(Path.Combine(BicepCli.RepositoryRoot, "node_modules", "@kusto", "language-service-next")),
            "The Kusto parser is not installed; `./tgvault test` installs it (or `npm ci` in the repository's folder)."
        );
        var start = new ProcessStartInfo("node", [Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(
                JsonSerializer.Serialize(new { queries }, JsonSerializerOptions.Web).AsMemory(),
                cancellationToken
            );
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(process.ExitCode == 0, await error);
            return JsonSerializer.Deserialize<KqlFinding[]>(await output, JsonSerializerOptions.Web)!;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

sealed record KqlFinding(string Name, string Message);
