using System.CommandLine;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;
using TgVault.Core.Hosting;
using TgVault.Core.Recovery;
using TgVault.Core.Settings;

namespace TgVault.Cli.Commands.Recovering;

/// <summary>
/// <c>tgvault recover</c>: rebuilds lost tables from the channel, or from a replica. It works on the storage itself and not through a vault
/// that runs: so it needs no vault to be up on tables that are empty, no request outlives its host, and one command serves a folder and an
/// account.
/// </summary>
static class RecoverCommand
{
    // Longer than Telegram asks to wait. Nobody watches a film through this, so a wait is sat out.
    const int LongestWaitSeconds = 24 * 60 * 60;

    public static Command Create()
    {
        var data = new Option<string?>("--data")
        {
            Description = "The data folder of a vault on this machine; without it, where the settings name a storage, that.",
            HelpName = "DIR",
        };
        var existing = new Option<bool>("--into-existing")
        {
            Description = "Add what is missing to storage that has videos; those that it has stay as they are.",
        };
        var links = new Option<bool>("--keep-links")
        {
            Description = "Let links made before stay good, also those that were revoked one by one: the channel does not have which.",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Also read every chunk from there and open it: takes as long as fetching all films.",
        };
        var search = new Option<bool>("--search")
        {
            Description = "Where no catalogue is pinned any more, look for the newest in the channel, message by message, and pin it.",
        };
        var replica = new Option<string?>("--replica")
        {
            Description =
                "Take the library from this folder, or without DIR from the replicas of the settings, also where the channel has one.",
            HelpName = "DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("recover", "Rebuild a vault's lost tables from its channel or a replica; the vault must not run.")
        {
            data,
            existing,
            links,
            check,
            search,
            replica,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var request = new RecoveryRequest
                {
                    IntoExisting = parsed.GetValue(existing),
                    KeepLinks = parsed.GetValue(links),
                    ReadChunks = parsed.GetValue(check),
                    FromReplica = parsed.GetResult(replica) is not null,
                };
                var isSearched = parsed.GetValue(search);
                var configured = Configured(parsed.GetValue(replica));
                return parsed.GetValue(data) is null && NamesAll(configured)
                    ? RunAsync(Serve.ReadSettings(configured), request, isSearched, cancellationToken)
                    : LocalVault.WithSettingsAsync(
                        parsed.GetValue(data) ?? VaultFolder.Default,
                        configured,
                        settings => RunAsync(settings, request, isSearched, cancellationToken),
                        cancellationToken
                    );
            }
        );
        return command;
    }

    /// <summary>The environment, with that replica as the only one where it is named.</summary>
    static IConfiguration Configured(string? replica)
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables();
        if (replica is null)
            return environment.Build();
        if (!Directory.Exists(replica))
            throw new CommandFailedException($"There is no folder {replica}.");
        return environment.AddInMemoryCollection([new(LocalVault.Key("Replicas:0:Folder"), Path.GetFullPath(replica))]).Build();
    }

    /// <summary>Whether the environment has what `serve` needs: then no data folder has a part in it.</summary>
    static bool NamesAll(IConfiguration configured) =>
        LocalVault.IsSet(configured, "Storage")
        && LocalVault.IsSet(configured, "MasterSecret")
        && LocalVault.IsSet(configured, "Telegram:Bots");

    static async Task<int> RunAsync(VaultSettings settings, RecoveryRequest request, bool isSearched, CancellationToken cancellationToken)
    {
        Ownership.KeepOthersOut();
        settings = settings with { Telegram = settings.Telegram with { LongestWaitInPlaceSeconds = LongestWaitSeconds } };
        if (isSearched)
            await SearchAsync(settings, cancellationToken);
        var foundation = await VaultFoundation.OpenExistingAsync(settings, TimeProvider.System, cancellationToken);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error).AddSimpleConsole(console => console.SingleLine = true))
            .AddSingleton(TimeProvider.System)
            .AddVault(settings, foundation);
        await using var provider = services.BuildServiceProvider();
        await provider.PrepareVaultAsync(cancellationToken);

        var progress = new RecoveryLine(TimeProvider.System);
        RecoveryReport report;
        try
        {
            report = await provider.GetRequiredService<ILibraryRecovery>().RunAsync(request, progress.Show, cancellationToken);
        }
        catch
        {
            if (progress.End())
                Notice.PrintError("The recovery did not end. What was recovered stays; run it again, and it goes on.");
            throw;
        }

        progress.End();
        RecoveryLines.Print(report, request);
        return report.IsComplete ? ExitCodes.Done : ExitCodes.Failed;
    }

    static async Task SearchAsync(VaultSettings settings, CancellationToken cancellationToken)
    {
        const int BetweenLines = 10;
        var looked = 0;
        var (found, unreadable) = await VaultFoundation.PinNewestCatalogueAsync(
            settings,
            message =>
            {
                if (looked++ % BetweenLines == 0)
                    Notice.PrintError($"Looking at message {message} and those before it ...");
            },
            TimeProvider.System,
            cancellationToken
        );
        if (found is null)
            Notice.PrintError("A catalogue is pinned: there was nothing to look for.");
        else
            Notice.PrintError($"The newest catalogue that opens is message {found}; it is pinned now.");
        if (unreadable > 0)
            Failures.Print(
                $"{unreadable} newer documents do not open: one may have been a newer catalogue, and what it said is not known."
            );
    }
}
