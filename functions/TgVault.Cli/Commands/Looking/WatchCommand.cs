using System.CommandLine;
using Spectre.Console;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault watch</c>: what is being stored, live, until nothing is.</summary>
static class WatchCommand
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    static readonly Column[] Columns =
    [
        new("ID"),
        new("STATE"),
        new("RATE", Drop: 1, IsRight: true),
        new("LEFT", IsRight: true),
        new("NAME"),
    ];

    public static Command Create()
    {
        var command = new Command("watch", "Show what is being stored until nothing is: a live table, or lines where it is no terminal.");
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var watch = new IngestList(vault);
                if (Console.IsOutputRedirected)
                    await PrintLinesAsync(watch, cancellationToken);
                else if (await watch.BeginAsync(cancellationToken) || watch.Videos.Count > 0)
                    await AnsiConsole
                        .Live(TableOf(watch))
                        .StartAsync(async live =>
                        {
                            var goesOn = true;
                            while (goesOn)
                            {
                                await Task.Delay(Interval, cancellationToken);
                                goesOn = await watch.LookAsync(cancellationToken);
                                live.UpdateTarget(TableOf(watch));
                            }
                        });
                if (watch.Videos.Count == 0)
                    Notice.PrintError("Nothing is being stored.");
                return watch.Videos.Any(video => video.Status == "failed") ? ExitCodes.Failed : ExitCodes.Done;
            }
        );
        return command;
    }

    static async Task PrintLinesAsync(IngestList watch, CancellationToken cancellationToken)
    {
        var printed = new Dictionary<string, string>();
        var goesOn = await watch.BeginAsync(cancellationToken);
        while (true)
        {
            foreach (var video in watch.Videos.Where(video => printed.GetValueOrDefault(video.Id) != video.State))
            {
                printed[video.Id] = video.State;
                Console.Out.WriteLine(string.Join('\t', video.Id, video.State, SafeText.Of(video.Name)));
            }

            if (!goesOn)
                return;
            await Task.Delay(Interval, cancellationToken);
            goesOn = await watch.LookAsync(cancellationToken);
        }
    }

    static Text TableOf(IngestList watch) => new(string.Join('\n', TableLines.Of(Columns, [.. watch.Videos.Select(Row)], Output.Width)));

    static string[] Row(VideoView video) =>
        [
            video.Id,
            video.State,
            video is { IsFinal: false, BytesPerSecond: { } rate } ? $"{Units.Size(rate)}/s" : "",
            video is { IsFinal: false, SecondsLeft: { } left } ? Units.Clock(left) : "",
            video.Name,
        ];
}
