using System.CommandLine;
using System.CommandLine.Invocation;
using TgVault.Cli.Commands;
using TgVault.Cli.Terminal;

var command = new RootCommand("An encrypted video library in Telegram channels, played as ordinary web video.")
{
    UpCommand.Create(),
    ServeCommand.Create(),
    UploadCommand.Create(),
    ListCommand.Create(),
    ShowCommand.Create(),
    LinkCommand.Create(),
    LinksCommand.Create(),
    UnlinkCommand.Create(),
    OpenCommand.Create(),
    ExportCommand.Create(),
    KeysCommand.Create(),
    GetCommand.Create(),
    RemoveCommand.Create(),
    RetryCommand.Create(),
    CaptionCommand.Create(),
    PosterCommand.Create(),
    PicturesCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    ConformanceCommand.Create(),
    FuncCommand.Create(),
};
var parsed = command.Parse(args);

// Standard output is for results; help is a --help away.
if (parsed.Action is ParseErrorAction wrong)
    wrong.ShowHelp = false;
using var signals = new StopSignals();
return await Failures.ReportAsync(() =>
    parsed.InvokeAsync(
        // Ours go on until what runs has ended, however long that takes, and end it at once at the second signal.
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
        signals.Stop
    )
);
