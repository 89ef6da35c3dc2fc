using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Chaos;

/// <summary>
/// A short run of the chaos suite, as `./tgvault chaos` makes it: whatever goes wrong, nothing that was acknowledged is lost, no wrong byte
/// is sent, and the library comes back from the channel.
/// </summary>
public sealed class ChaosTests
{
    [Fact(Timeout = 1_200_000)]
    public async Task Three_minutes_of_chaos_break_no_invariant()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"tgvault-chaos-{Guid.NewGuid():n}");
        using var run = TgvaultCommand.Start(
            Path.GetTempPath(),
            new Dictionary<string, string>(),
            ["chaos", "--minutes", "3", "--seed", "1", "--folder", folder, "--json"]
        );
        try
        {
            run.StandardInput.Close();
            var told = run.StandardError.ReadToEndAsync();
            var printed = await run.StandardOutput.ReadToEndAsync();
            await run.WaitForExitAsync();

            Assert.True(run.ExitCode == 0, $"{run.ExitCode}\n{await told}\n{printed}");
            using var json = JsonDocument.Parse(printed);
            // A run in which nothing happened would show nothing. That something failed for good is not said.
            Assert.Equal(
                ["what had failed became ready by a retry"],
                json.RootElement.GetProperty("invariants")
                    .EnumerateArray()
                    .Where(invariant => invariant.GetProperty("looks").GetInt64() == 0)
                    .Select(invariant => invariant.GetProperty("name").GetString())
                    .Append("what had failed became ready by a retry")
                    .Distinct()
            );
            Assert.False(Directory.Exists(folder));
        }
        finally
        {
            if (!run.HasExited)
                run.Kill(entireProcessTree: true);
        }
    }
}
