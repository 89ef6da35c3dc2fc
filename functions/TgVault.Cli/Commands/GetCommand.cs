using System.CommandLine;
using Microsoft.Win32.SafeHandles;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Uploads;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Looking;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault get ID</c>: fetches a video into a file.</summary>
static class GetCommand
{
    const int StandardOutput = 1;

    // EPIPE.
    const int BrokenPipe = 32;

    public static Command Create()
    {
        var id = ShowCommand.IdArgument();
        var output = new Option<string?>("-o", "--output")
        {
            Description = "The file to make, the folder to put it in, or - for a pipe; without it, its own name in the current folder.",
            HelpName = "FILE",
        };
        var force = new Option<bool>("--force") { Description = "Replace a file that exists." };
        var command = new Command("get", "Fetch a video into a file; a download that was interrupted goes on where it was.")
        {
            id,
            output,
            force,
        };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var video = await new VideoLookup(vault).GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                if (video.Status != "ready")
                    throw new CommandFailedException(
                        $"Video {video.Id} is {video.Status}, not ready{(video.Failure.Length > 0 ? $": {video.Failure}" : ".")}"
                    );
                if (parsed.GetValue(output) == "-")
                    return await PipeAsync(vault, video, cancellationToken);
                var path = await TransferBar.RunAsync(
                    video.Name,
                    progress =>
                        new FileDownload(vault).FetchAsync(
                            video,
                            parsed.GetValue(output),
                            parsed.GetValue(force),
                            progress,
                            cancellationToken
                        )
                );
                Output.Line(path);
                if (ContentTypes.OtherThan(video.ContentType, path) is { } said)
                    Notice.PrintError(SafeText.Of(NotWhatItSays(path, said, video)));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    static async Task<int> PipeAsync(VaultClient vault, VideoView video, CancellationToken cancellationToken)
    {
        if (Output.IsTerminal)
            throw new CommandFailedException("A film is nothing for a terminal: give -o FILE, or a pipe behind -o -.");
        // The console's own stream would say nothing of a reader that has gone, and the film would be fetched for nobody.
        using var standardOutput = new SafeFileHandle(StandardOutput, ownsHandle: false);
        await using var pipe = new FileStream(standardOutput, FileAccess.Write, bufferSize: 0);
        return await TransferBar.RunAsync(
            video.Name,
            async progress =>
            {
                try
                {
                    await new FileDownload(vault).CopyAsync(video, pipe, progress, cancellationToken);
                }
                catch (IOException exception) when (exception.HResult == BrokenPipe)
                {
                    // Whoever reads has had enough.
                }

                return ExitCodes.Done;
            }
        );
    }

    static string NotWhatItSays(string path, string said, VideoView video) =>
        $"{Path.GetFileName(path)} holds {video.ContentType}, not {said}: that is how the vault keeps the film. Programs may want it named "
        + $"{Path.GetFileName(Path.ChangeExtension(path, EndingOf(video.ContentType)))}.";

    static string EndingOf(string contentType) =>
        contentType switch
        {
            "video/webm" or "audio/webm" => ".webm",
            "audio/mp4" => ".m4a",
            _ => ".mp4",
        };
}
