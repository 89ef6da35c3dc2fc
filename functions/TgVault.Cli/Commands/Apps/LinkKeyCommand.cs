using System.CommandLine;
using System.Text.Json;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault link-key</c>: makes a link key, and shows how a site's backend makes links with it.</summary>
static class LinkKeyCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME")
        {
            Description = "What you call it: the site that will use it.",
            DefaultValueFactory = _ => "a site",
        };
        var values = new Option<bool>("--values") { Description = "Print the values only, for a file of settings." };
        var sample = new Option<string?>("--sample") { Description = "Make no key; print the program in this language." };
        sample.AcceptOnlyFromAmong([.. LinkSample.All.Select(one => one.Language)]);
        var json = UploadCommand.JsonOption();
        var command = new Command("link-key", "Make a key that can only make links, for a site's backend, and print it with programs.")
        {
            name,
            values,
            sample,
            json,
        };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(values), result.GetValue(json), result.GetValue(sample) is not null }.Count(isGiven => isGiven) > 1)
                result.AddError("Give only one of --values, --sample and --json.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(sample) is { } language)
                {
                    Print(LinkSample.All.First(one => one.Language == language));
                    return 0;
                }

                using var vault = options.Connect(parsed);
                var made = await new KeyCalls(vault).MakeLinkKeyAsync(parsed.GetRequiredValue(name), cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(made);
                else if (parsed.GetValue(values))
                    PrintValues(made);
                else
                    PrintAll(made);
                return 0;
            }
        );
        return command;
    }

    static void PrintAll(JsonElement made)
    {
        PrintValues(made);
        Output.Line("");
        Output.Line("Set these for your site's backend; the key is not shown again. It makes links to");
        Output.Line("every video whose id is known, and can do nothing else. This ends it, and all");
        Output.Line("links made with it, within a minute:");
        Output.Line($"  ./tgvault link-keys revoke {IdOf(made)}");
        foreach (var sample in LinkSample.All)
        {
            Output.Line("");
            Output.Line($"--- {sample.Title}: {sample.File} ---");
            Output.Line("");
            Print(sample);
        }
    }

    static void PrintValues(JsonElement made)
    {
        Output.Line($"TGVAULT_LINK_KEY_ID={IdOf(made)}");
        Output.Line($"TGVAULT_LINK_KEY={made.GetProperty("secret").GetString()}");
        Output.Line($"VAULT={made.GetProperty("baseUrl").GetString()}");
    }

    static void Print(LinkSample sample)
    {
        foreach (var line in sample.Read().TrimEnd().ReplaceLineEndings("\n").Split('\n'))
            Output.Line(line);
    }

    static string IdOf(JsonElement made) => made.GetProperty("key").GetProperty("id").GetString()!;
}
