using System.CommandLine;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault rm ID...</c>: removes videos, after asking.</summary>
static class RemoveCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.OneOrMore, Description = "Ids of the videos to remove." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("rm", "Remove videos for good.") { ids, yes };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var failures = 0;
                foreach (var id in parsed.GetRequiredValue(ids).Distinct())
                {
                    try
                    {
                        var video = await vault.GetAsync(id, cancellationToken);
                        if (!parsed.GetValue(yes) && !Confirm($"Remove {id} ({video.Name}) for good?"))
                            continue;
                        await vault.RemoveAsync(id, cancellationToken);
                        Output.Line(id);
                    }
                    catch (CommandFailedException exception)
                    {
                        Failures.Print(exception);
                        failures++;
                    }
                }

                return failures == 0 ? 0 : 1;
            }
        );
        return command;
    }

    static bool Confirm(string question)
    {
        if (Console.IsInputRedirected)
            throw new CommandFailedException("Nothing was removed: give --yes where nobody can be asked.");
        Console.Error.Write($"{SafeText.Of(question)} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
