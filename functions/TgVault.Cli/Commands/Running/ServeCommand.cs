using System.CommandLine;
using TgVault.Cli.Listening;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Running;

/// <summary><c>tgvault serve</c>: the vault alone; storage and Telegram are what the settings say.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Run the vault alone, with all settings from the environment (TgVault__...).");
        var listen = new ListenArguments(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(listen.Configure(parsed), listen.PortOf(parsed), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(IConfiguration configured, int port, CancellationToken cancellationToken)
    {
        Ownership.KeepOthersOut();
        var settings = Serve.ReadSettings(configured);
        var listener = VaultListener.Open(settings, port, TimeProvider.System);
        try
        {
            await using var app = await Serve.StartAsync(settings, listener, cancellationToken);
            Notice.Print(
                string.Join(
                    '\n',
                    listener.Others.Prepend(listener.Local).Select(url => $"The vault answers at {url.GetLeftPart(UriPartial.Authority)}")
                )
            );
            await Task.WhenAny(Task.Delay(Timeout.Infinite, cancellationToken), app.WaitForShutdownAsync(CancellationToken.None));
            await ServerStop.StopAsync(app);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }
}
