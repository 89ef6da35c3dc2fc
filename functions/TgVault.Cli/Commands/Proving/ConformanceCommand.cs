using System.CommandLine;
using TgVault.Cli.Conformance;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Proving;

/// <summary><c>tgvault conformance</c>: whether a vault answers as all vaults do.</summary>
static class ConformanceCommand
{
    public static Command Create()
    {
        var command = new Command(
            "conformance",
            "Store a small file and a clip in a vault and check what it answers on every route; removes both again."
        );
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (url, key) = options.Find(parsed);
                var outcomes = await new ConformanceRun(url, key).RunAsync(Print, cancellationToken);
                var wrong = outcomes.Count(outcome => outcome.Differences.Length > 0);
                Output.Line($"{outcomes.Count - wrong} as expected, {wrong} not");
                return wrong == 0 ? 0 : 1;
            }
        );
        return command;
    }

    static void Print(RowOutcome outcome)
    {
        Output.Line($"{(outcome.Differences.Length == 0 ? "ok  " : "FAIL")} {outcome.Row.Method} {outcome.Row.Name}");
        foreach (var difference in outcome.Differences)
            Output.Line($"     {difference}");
    }
}
