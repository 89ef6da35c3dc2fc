using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Looking;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault poster ID</c>: chooses the picture that stands for a video.</summary>
static class PosterCommand
{
    const int MaxBytes = 16 << 20;

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    static readonly string[] Formats = ["h\\:m\\:s", "h\\:m\\:s\\.FFFFFFF", "m\\:s", "m\\:s\\.FFFFFFF"];

    public static Command Create()
    {
        var id = ShowCommand.IdArgument();
        var file = new Argument<FileInfo?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A .jpg or .png, which becomes the poster in some sizes.",
        };
        var at = new Option<TimeSpan?>("--at")
        {
            Description = "The picture on the screen at this time becomes the poster: 83, 83.5, 1:23 or 00:01:23.",
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (ParseTime(result.Tokens[0].Value) is { } time)
                    return time;
                result.AddError("--at is a time in the video, such as 83, 1:23 or 00:01:23.5.");
                return null;
            },
        };
        var json = UploadCommand.JsonOption();
        var command = new Command("poster", "Choose the picture that stands for a video.") { id, file, at, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(at) is not null == result.GetValue(file) is not null)
                result.AddError("Give either --at with a time in the video, or a picture file.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var video = (await new VideoLookup(vault).GetAsync(parsed.GetRequiredValue(id), cancellationToken)).Id;
                var asked = parsed.GetValue(file) is { } source
                    ? await PutAsync(vault, video, source, cancellationToken)
                    : await vault.ChoosePosterAsync(video, parsed.GetValue(at)!.Value, cancellationToken);
                var stored = await WaitAsync(vault, new VideoView(asked), cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(stored.Json.GetProperty("poster"));
                else
                    Output.Line(new Uri(vault.Url, stored.Poster.Url).ToString());
                return 0;
            }
        );
        return command;
    }

    /// <summary>Seconds, minutes and seconds, or hours, minutes and seconds, with or without a fraction; null for anything else.</summary>
    internal static TimeSpan? ParseTime(string text)
    {
        const double longest = 1_000_000;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds <= longest ? TimeSpan.FromSeconds(seconds) : null;
        return TimeSpan.TryParseExact(text, Formats, CultureInfo.InvariantCulture, out var time) ? time : null;
    }

    static async Task<JsonElement> PutAsync(VaultClient vault, string id, FileInfo file, CancellationToken cancellationToken)
    {
        var type = Path.GetExtension(file.Name).ToUpperInvariant() switch
        {
            ".JPG" or ".JPEG" => "image/jpeg",
            ".PNG" => "image/png",
            _ => throw new CommandFailedException($"{file.Name} is neither .jpg nor .png."),
        };
        if (!file.Exists)
            throw new CommandFailedException($"There is no file {file}.");
        if (file.Length > MaxBytes)
            throw new CommandFailedException($"{file.Name} is larger than {MaxBytes >> 20} MiB.");
        return await vault.PutPosterAsync(id, await File.ReadAllBytesAsync(file.FullName, cancellationToken), type, cancellationToken);
    }

    /// <summary>Waits until the poster that was asked for is stored.</summary>
    static async Task<VideoView> WaitAsync(VaultClient vault, VideoView video, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (video.Poster.Status == "waiting")
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            video = await vault.GetAsync(video.Id, cancellationToken);
        }

        return video.Poster.Status == "stored"
            ? video
            : throw new CommandFailedException($"The poster could not be stored: {video.Poster.Failure}");
    }
}
