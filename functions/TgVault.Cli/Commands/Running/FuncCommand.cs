using System.CommandLine;
using TgVault.Cli.Local;

namespace TgVault.Cli.Commands.Running;

/// <summary><c>tgvault func</c>: the same local vault, answered by the function app instead of <c>serve</c>.
/// The script publishes the app first.</summary>
static class FuncCommand
{
    public static Command Create()
    {
        var app = new Option<string>("--app")
        {
            Description = "The published function app.",
            HelpName = "DIR",
            Required = true,
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder that holds everything of this vault.",
            HelpName = "DIR",
            DefaultValueFactory = _ => VaultFolder.DefaultOfFunc,
        };
        var port = UpCommand.CreatePort();
        var command = new Command("func", "Run the function app on this machine with Azure Functions Core Tools (`func`), until Ctrl-C.")
        {
            app,
            data,
            port,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                LocalFunctionApp.RunAsync(
                    parsed.GetRequiredValue(app),
                    parsed.GetRequiredValue(data),
                    parsed.GetValue(port),
                    cancellationToken
                )
        );
        return command;
    }
}
