using System.CommandLine;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault serve</c>: the vault alone; storage and Telegram are what the settings say.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var port = UpCommand.CreatePort();
        var command = new Command("serve", "Run the vault alone, with all settings from the environment (TgVault__...).") { port };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Serve.ReadSettings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
                await using var app = await Serve.StartAsync(settings, parsed.GetValue(port), cancellationToken);
                await Console.Out.WriteLineAsync($"The vault answers at http://localhost:{parsed.GetValue(port)}");
                await app.WaitForShutdownAsync(cancellationToken);
                return 0;
            }
        );
        return command;
    }
}
