using System.Globalization;
using Xunit.Abstractions;

namespace TgVault.Cli.Tests.Kill;

/// <summary>kill -9 in the middle of uploads, ingests and edits loses nothing that was acknowledged.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>How many rounds; a few unless somebody asks for more.</summary>
    const string RoundsVariable = "TGVAULT_KILL_ROUNDS";

    /// <summary>Which rounds.</summary>
    const string SeedVariable = "TGVAULT_KILL_SEED";

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 7_200_000)]
    public async Task Nothing_that_was_acknowledged_is_lost_and_nothing_is_half()
    {
        var rounds = new KillRounds(_folder, Number(SeedVariable, 1));

        await rounds.RunAsync(Number(RoundsVariable, 5), output.WriteLine);

        output.WriteLine(rounds.Summary);
    }

    static int Number(string variable, int standard) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
