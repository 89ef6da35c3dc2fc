using System.CommandLine;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;
using TgVault.Core.Settings;

namespace TgVault.Cli.Commands.Recovering;

/// <summary><c>tgvault recovery-kit</c>: what a person must keep so that `recover` works when this machine is gone. Asks nobody.</summary>
static class RecoveryKitCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The data folder of a vault on this machine.",
            HelpName = "DIR",
            DefaultValueFactory = _ => VaultFolder.Default,
        };
        var command = new Command("recovery-kit", "Print what must be kept on paper to recover the library when all else is lost.")
        {
            data,
        };
        command.SetAction(parsed =>
        {
            var configured = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            var lines = LinesOf(configured, VaultFolder.ReadSecrets(parsed.GetRequiredValue(data)));
            foreach (var line in lines)
                Output.Line(line);
            Notice.PrintError("Whoever has this can read the library. Keep it on paper, in two places, and not on a disk.");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <exception cref="CommandFailedException">Nobody has a master secret, or there is no channel to recover from.</exception>
    internal static IEnumerable<string> LinesOf(IConfiguration configured, LocalSecrets? secrets)
    {
        var telegram = configured.GetSection(LocalVault.Key("Telegram"));
        var secret =
            NotEmpty(configured[LocalVault.Key("MasterSecret")])
            ?? secrets?.MasterSecret
            ?? throw new CommandFailedException(
                "There is no master secret: name the vault's folder with --data, or set TgVault__MasterSecret."
            );
        var tokens = telegram.GetSection("Bots").GetChildren().Select(bot => bot["Token"]).OfType<string>().ToList();
        var channels = telegram.GetSection("Channels").GetChildren().Select(channel => channel.Value).OfType<string>().ToList();
        if (tokens.Count == 0 || channels.Count == 0)
            throw new CommandFailedException(
                "No bot and channel are set (TgVault__Telegram__Bots__0__Token, TgVault__Telegram__Channels__0): with the stand-in, the "
                    + "films are in the data folder alone, so copy that folder."
            );

        var former = FormerOf(configured, secrets);
        yield return $"TgVault__MasterSecret={secret}";
        if (former is not null)
            yield return $"TgVault__FormerMasterSecret={former}";
        for (var i = 0; i < tokens.Count; i++)
            yield return $"TgVault__Telegram__Bots__{i}__Token={tokens[i]}";
        for (var i = 0; i < channels.Count; i++)
            yield return $"TgVault__Telegram__Channels__{i}={channels[i]}";
        foreach (var line in ReplicasOf(configured))
            yield return line;
        if (NotEmpty(telegram[nameof(TelegramSettings.BaseUrl)]) is { } server)
            yield return $"TgVault__Telegram__BaseUrl={server}";
        yield return "Set these, then: ./tgvault recover --data NEW-FOLDER, and ./tgvault up --data NEW-FOLDER.";
        yield return "Any bot that is an administrator of the channels will do; the first channel must stay the first.";
        if (former is not null)
            yield return "The master secret is being rotated, and until that has ended both are needed: then print this anew.";
        else if (secrets?.Rotated is { } rotated && !LocalVault.IsSet(configured, "MasterSecret"))
            yield return $"The master secret was rotated, which ended on {rotated:yyyy-MM-dd}: what was printed before does not recover "
                + "the library any more. Keep this instead, and destroy that.";
    }

    /// <summary>The channels of replicas, each of which is enough where the first channel is gone.</summary>
    static IEnumerable<string> ReplicasOf(IConfiguration configured) =>
        from replica in configured.GetSection(LocalVault.Key("Replicas")).GetChildren()
        where NotEmpty(replica["Channel"]) is not null
        from line in replica
            .GetSection("Bots")
            .GetChildren()
            .Where(bot => NotEmpty(bot["Token"]) is not null)
            .Select(bot => $"TgVault__Replicas__{replica.Key}__Bots__{bot.Key}__Token={bot["Token"]}")
            .Prepend($"TgVault__Replicas__{replica.Key}__Channel={replica["Channel"]}")
        select line;

    // Of an environment that has a master secret, the folder's have no part.
    static string? FormerOf(IConfiguration configured, LocalSecrets? secrets) =>
        NotEmpty(configured[LocalVault.Key("FormerMasterSecret")])
        ?? (LocalVault.IsSet(configured, "MasterSecret") ? null : secrets?.FormerMasterSecret);

    static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
