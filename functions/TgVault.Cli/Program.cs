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
    OpenCommand.Create(),
    GetCommand.Create(),
    RemoveCommand.Create(),
    RetryCommand.Create(),
    CaptionCommand.Create(),
    ConformanceCommand.Create(),
    FuncCommand.Create(),
};
var parsed = command.Parse(args);

// Standard output is for results; help is a --help away.
if (parsed.Action is ParseErrorAction wrong)
    wrong.ShowHelp = false;
return await Failures.ReportAsync(() =>
    parsed.InvokeAsync(
        new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // How long stopping may take after Ctrl-C: the emulator writes its state to disk then.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(45),
        }
    )
);
