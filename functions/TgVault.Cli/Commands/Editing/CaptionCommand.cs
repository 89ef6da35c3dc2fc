using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Looking;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault caption ID</c>: lists, adds and removes the captions of one video.</summary>
static class CaptionCommand
{
    const int MaxBytes = 4 << 20;

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var id = ShowCommand.IdArgument();
        var file = new Argument<FileInfo?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A .srt or .vtt file in UTF-8; without one, the captions there are are listed.",
        };
        var language = new Option<string?>("--lang")
        {
            Description = "The language of FILE, such as en or pt-BR; it replaces what the video has in it.",
            HelpName = "LANG",
        };
        var name = new Option<string?>("--name") { Description = "What players show; otherwise the language.", HelpName = "NAME" };
        var remove = new Option<string?>("--remove") { Description = "Remove the captions in this language.", HelpName = "LANG" };
        var json = UploadCommand.JsonOption();
        var command = new Command("caption", "List, add or remove the captions of one video.") { id, file, language, name, remove, json };
        command.Validators.Add(result =>
        {
            var (isPut, hasLanguage) = (result.GetValue(file) is not null, result.GetValue(language) is not null);
            if (result.GetValue(remove) is not null && (isPut || hasLanguage))
                result.AddError("--remove takes neither a file nor --lang.");
            else if (isPut != hasLanguage)
                result.AddError("A file and --lang go together: say which language it is in.");
            else if (!isPut && result.GetValue(name) is not null)
                result.AddError("--name is for a file.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var video = (await new VideoLookup(vault).GetAsync(parsed.GetRequiredValue(id), cancellationToken)).Id;
                if (parsed.GetValue(file) is { } source)
                {
                    var put = await PutAsync(vault, video, source, parsed.GetValue(language)!, parsed.GetValue(name), cancellationToken);
                    if (parsed.GetValue(json))
                        Output.Json(put.Json);
                    else
                        Output.Line(put.Language);
                    return 0;
                }

                if (parsed.GetValue(remove) is { } removed)
                    await vault.RemoveCaptionsAsync(video, removed, cancellationToken);
                var captions = (await vault.GetAsync(video, cancellationToken)).Captions.ToList();
                if (parsed.GetValue(json))
                    Output.Json(captions.Select(caption => caption.Json));
                else
                    Output.Table(
                        ["LANG", "STATUS", "SIZE", "NAME"],
                        captions.Select(caption => new[] { caption.Language, caption.Status, Units.Size(caption.SizeBytes), caption.Name }),
                        "It has no captions: `./tgvault caption ID FILE --lang LANG` adds some."
                    );
                return 0;
            }
        );
        return command;
    }

    /// <summary>Sends the file and waits until it is stored.</summary>
    static async Task<CaptionView> PutAsync(
        VaultClient vault,
        string id,
        FileInfo file,
        string language,
        string? name,
        CancellationToken cancellationToken
    )
    {
        var type = Path.GetExtension(file.Name).ToUpperInvariant() switch
        {
            ".SRT" => "application/x-subrip",
            ".VTT" => "text/vtt",
            _ => throw new CommandFailedException($"{file.Name} is neither .srt nor .vtt."),
        };
        if (!file.Exists)
            throw new CommandFailedException($"There is no file {file}.");
        if (file.Length > MaxBytes)
            throw new CommandFailedException($"{file.Name} is larger than {MaxBytes >> 20} MiB.");
        var put = new CaptionView(
            await vault.PutCaptionsAsync(
                id,
                language,
                name,
                await File.ReadAllBytesAsync(file.FullName, cancellationToken),
                type,
                cancellationToken
            )
        );
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var now =
                (await vault.GetAsync(id, cancellationToken)).Captions.FirstOrDefault(caption => caption.Language == put.Language)
                ?? throw new CommandFailedException($"The captions in {put.Language} were removed meanwhile.");
            if (now.Status == "stored")
                return now;
            if (now.Status == "failed")
                throw new CommandFailedException($"The captions could not be stored: {now.Failure}");
        } while (await timer.WaitForNextTickAsync(cancellationToken));
        throw new OperationCanceledException(cancellationToken);
    }
}
