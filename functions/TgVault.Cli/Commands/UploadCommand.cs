using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Terminal;
using TgVault.Core.Videos;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault upload FILE...</c>: one file after another; one that fails does not keep the others from going on.</summary>
static class UploadCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "Files to upload." };
        var folder = new Option<string>("--folder")
        {
            Description = "The folder to list them in.",
            HelpName = "F",
            DefaultValueFactory = _ => "",
        };
        var tags = new Option<string[]>("--tag")
        {
            Description = "A tag; may be given again.",
            HelpName = "T",
            DefaultValueFactory = _ => [],
        };
        var description = new Option<string>("--description")
        {
            Description = "Free text.",
            HelpName = "D",
            DefaultValueFactory = _ => "",
        };
        var wait = new Option<bool>("--wait") { Description = "Wait until each video is stored, and fail where it cannot be." };
        var json = JsonOption();
        var command = new Command("upload", "Upload files; an upload that was interrupted goes on where it was.")
        {
            files,
            folder,
            tags,
            description,
            wait,
            json,
        };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var upload = new FileUpload(vault, options.JournalFolder(parsed));
                var uploaded = new List<(string File, string? Id)>();
                var failures = 0;
                foreach (var file in parsed.GetRequiredValue(files))
                {
                    var announcement = new Announcement(
                        NameOf(file),
                        0,
                        ContentTypes.Of(file),
                        parsed.GetRequiredValue(folder),
                        parsed.GetRequiredValue(tags),
                        parsed.GetRequiredValue(description)
                    );
                    var id = await TryAsync(file, parsed.GetValue(json), () => SendAsync(upload, file, announcement, cancellationToken));
                    if (id is null)
                        failures++;
                    else if (parsed.GetValue(wait))
                        uploaded.Add((file, id));
                    else if (await TryAsync(file, parsed.GetValue(json), () => vault.GetAsync(id, cancellationToken)) is { } video)
                        Print(video, parsed.GetValue(json));
                    else
                        failures++;
                }

                foreach (var (file, id) in uploaded)
                {
                    var video = await TryAsync(file, parsed.GetValue(json), () => WaitAsync(vault, id!, file, cancellationToken));
                    if (video is not null)
                        Print(video, parsed.GetValue(json));
                    if (video is not { Status: "ready" })
                        failures++;
                }

                return failures == 0 ? 0 : 1;
            }
        );
        return command;
    }

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON, and nothing else, on standard output." };

    static async Task<string> SendAsync(FileUpload upload, string file, Announcement announcement, CancellationToken cancellationToken) =>
        await TransferBar.RunAsync(
            announcement.Name,
            progress =>
            {
                var total = FileVersion.Of(file).SizeBytes;
                return upload.SendAsync(file, announcement, new Total(progress, total), cancellationToken);
            }
        );

    static async Task<VideoView> WaitAsync(VaultClient vault, string id, string file, CancellationToken cancellationToken) =>
        await TransferBar.RunAsync(
            $"storing {NameOf(file)}",
            progress =>
                new IngestWatch(vault).WaitAsync(id, video => progress.Report((video.BytesDone, video.BytesTotal)), cancellationToken)
        );

    static void Print(VideoView video, bool json)
    {
        if (json)
            Output.Json(video.Json);
        else
            Output.Line($"{video.Id}  {video.Status, -9}  {video.Name}");
        if (video is { Decision: "keepAsFile" })
            Console.Error.WriteLine(SafeText.Of($"{video.Name} is kept as a file: {video.Reason}"));
        if (video is { Status: "failed" })
            Failures.Print($"{video.Name}: {(video.Failure.Length > 0 ? video.Failure : "it could not be stored.")}");
    }

    /// <summary>Null where it failed, which has been said then.</summary>
    static async Task<T?> TryAsync<T>(string file, bool json, Func<Task<T>> run)
        where T : class
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (Failures.Foreseen(exception))
        {
            var message = Failures.Describe(exception);
            if (json)
                Output.Json(
                    new
                    {
                        id = (string?)null,
                        name = NameOf(file),
                        status = "error",
                        failure = message,
                    }
                );
            Failures.Print(message.Contains(file, StringComparison.Ordinal) ? message : $"{file}: {message}");
            return null;
        }
    }

    static string NameOf(string file) => VideoName.Clean(Path.GetFileName(file));

    sealed class Total(IProgress<(long, long)> progress, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report((value, total));
    }
}
