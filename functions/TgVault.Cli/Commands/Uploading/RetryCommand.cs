using System.CommandLine;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Editing;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Uploading;

/// <summary><c>tgvault retry ID...</c>: tries failed ingests again, from the uploads that were kept.</summary>
static class RetryCommand
{
    const string TranscodeVideo = "TgVault__Ingest__TranscodeVideo";

    public static Command Create()
    {
        var ids = EditCommand.IdsArgument("The videos to try again");
        var command = new Command("retry", "Try again to store videos that failed.") { ids };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                return await Edits.EachAsync(
                    parsed.GetRequiredValue(ids),
                    new VideoLookup(vault),
                    async video =>
                    {
                        if (video is { Status: "ready", Decision: "keepAsFile" })
                            throw new CommandFailedException(KeptAsFile(video));
                        await vault.RetryAsync(video.Id, cancellationToken);
                        Output.Line(video.Id);
                    },
                    cancellationToken
                );
            }
        );
        return command;
    }

    // Its upload went when it was stored; what is stored is the same bytes.
    static string KeptAsFile(VideoView video) =>
        !video.Reason.Contains(TranscodeVideo, StringComparison.Ordinal)
            ? $"{video.Name} is stored as a file, and would be again: {video.Reason}"
            : $"{video.Name} is stored as a file, and its upload is no longer there to try again with. Start the vault with "
                + $"{TranscodeVideo}=true and upload the film anew with --again; if you have it no more, "
                + $"`./tgvault get {video.Id}` fetches it as it was. Then remove this one: ./tgvault rm {video.Id}.";
}
