using System.CommandLine;
using System.Text.Json;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Rotating;

/// <summary>
/// <c>tgvault rotate master</c>: makes a new master secret in a vault's data folder, and follows the vault that brings everything under it.
/// Elsewhere the settings do the same.
/// </summary>
static class RotateMasterCommand
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The data folder of a vault on this machine.",
            HelpName = "DIR",
            DefaultValueFactory = _ => VaultFolder.Default,
        };
        var command = new Command("master", "Replace the master secret: every key is wrapped anew, while everything plays.") { data };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(data), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        var configured = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        if (LocalVault.IsSet(configured, "MasterSecret"))
            throw new CommandFailedException(
                "The master secret comes from TgVault__MasterSecret. Set TgVault__FormerMasterSecret to what that is now, and "
                    + "TgVault__MasterSecret to a new one (`openssl rand -base64 33`), and start the vault again; it rotates while "
                    + "everything plays. GET /api/rotation and the log say when the former one can be removed."
            );
        VaultFolder.BeginRotation(path);
        if (VaultFolder.FindRunning(Path.GetFullPath(path)) is null)
        {
            Output.Line("The new master secret is made. The next `./tgvault up` brings everything under it, while everything plays.");
            return ExitCodes.Done;
        }

        Notice.PrintError("The vault starts again with the new master secret, and brings everything under it. Ctrl-C only ends watching.");
        foreach (var line in LinesOf(await FollowAsync(path, cancellationToken)))
            Output.Line(line);
        return ExitCodes.Done;
    }

    /// <summary>Returns what the vault says at the end: it has forgotten the former secret by then.</summary>
    static async Task<JsonElement> FollowAsync(string path, CancellationToken cancellationToken)
    {
        var told = "";
        var last = default(JsonElement);
        while (true)
        {
            var isOver = VaultFolder.ReadSecrets(path) is { FormerMasterSecret: null };
            if (VaultFolder.FindRunning(Path.GetFullPath(path)) is { } running)
            {
                using var vault = new VaultClient(new Uri(running.Url + "/"), running.ApiKey);
                try
                {
                    last = await vault.ShowRotationAsync(cancellationToken);
                    if (Tell(last) is { } text && text != told)
                        Notice.PrintError(told = text);
                }
                catch (HttpRequestException)
                {
                    // It is starting again just now.
                }
            }
            else if (!isOver)
            {
                throw new CommandFailedException("The vault has stopped. The next `./tgvault up` goes on with the rotation.");
            }

            if (isOver && last.ValueKind == JsonValueKind.Object)
                return last;
            await Task.Delay(LookAgain, cancellationToken);
        }
    }

    static string? Tell(JsonElement rotation) =>
        rotation.GetProperty("underWay").GetBoolean()
            ? $"{VideoView.Number(rotation, "videos")} videos are done. {VideoView.Text(rotation, "waiting")}".TrimEnd()
            : null;

    internal static IEnumerable<string> LinesOf(JsonElement rotation)
    {
        yield return $"keys       of {VideoView.Number(rotation, "videos")} videos are wrapped anew; no chunk was touched";
        yield return "secret     nothing in the vault needs the former one any more, and it is forgotten";
        var left = VideoView.Number(rotation, "left");
        yield return left == 0
            ? "left       no document that is sealed under the former one"
            : $"left       {left} documents that the bot may not delete any more; delete these messages in the channel by hand: "
                + string.Join(", ", rotation.GetProperty("leftMessages").EnumerateArray().Select(RunOf));
        yield return "links      those made before are over, and so are link keys; make new ones";
        yield return "paper      print ./tgvault recovery-kit anew, and destroy the former one";
        yield return "backups    those made before need the former secret: make a new one, and destroy them";
    }

    static string RunOf(JsonElement run) =>
        VideoView.Number(run, "first") is var first && VideoView.Number(run, "last") is var last && first == last
            ? $"{first}"
            : $"{first}-{last}";
}
