using System.CommandLine;
using TgVault.Cli.Local;

namespace TgVault.Cli.Commands.Running;

/// <summary><c>tgvault up</c>: a vault with everything embedded.</summary>
static class UpCommand
{
    const int DefaultPort = 7071;

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder that holds everything of this vault.",
            HelpName = "DIR",
            DefaultValueFactory = _ => VaultFolder.Default,
        };
        var control = new Option<bool>("--telegram-control")
        {
            Description = "Let the stand-in for Telegram take faults on demand, to try out what happens.",
        };
        var command = new Command("up", "Run a vault on this machine with everything it needs, until Ctrl-C.") { data, control };
        var listen = new ListenArguments(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                LocalVault.RunAsync(
                    parsed.GetRequiredValue(data),
                    listen.PortOf(parsed),
                    listen.Configure(parsed),
                    parsed.GetValue(control),
                    cancellationToken
                )
        );
        return command;
    }

    public static Option<int> CreatePort()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port that everything goes through.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPort,
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[^1].Value, out var value) || value is < 1 or > 65535))
                result.AddError("--port must be from 1 to 65535.");
        });
        return port;
    }
}
