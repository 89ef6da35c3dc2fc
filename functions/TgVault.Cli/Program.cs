using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using TgVault.Cli.Commands;
using TgVault.Cli.Commands.Apps;
using TgVault.Cli.Commands.Copies;
using TgVault.Cli.Commands.Editing;
using TgVault.Cli.Commands.Help;
using TgVault.Cli.Commands.Linking;
using TgVault.Cli.Commands.Looking;
using TgVault.Cli.Commands.Proving;
using TgVault.Cli.Commands.Recovering;
using TgVault.Cli.Commands.Rotating;
using TgVault.Cli.Commands.Running;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

var command = new RootCommand("An encrypted video library in Telegram channels, played as ordinary web video.")
{
    UpCommand.Create(),
    ServeCommand.Create(),
    UploadCommand.Create(),
    ListCommand.Create(),
    SearchCommand.Create(),
    FoldersCommand.Create(),
    TreeCommand.Create(),
    ShowCommand.Create(),
    WatchCommand.Create(),
    StatusCommand.Create(),
    MoveCommand.Create(),
    EditCommand.Create(),
    LinkCommand.Create(),
    LinksCommand.Create(),
    UnlinkCommand.Create(),
    OpenCommand.Create(),
    ExportCommand.Create(),
    KeysCommand.Create(),
    LinkKeyCommand.Create(),
    LinkKeysCommand.Create(),
    WebhooksCommand.Create(),
    TicketCommand.Create(),
    GetCommand.Create(),
    RemoveCommand.Create(),
    TrashCommand.Create(),
    RetryCommand.Create(),
    CaptionCommand.Create(),
    PosterCommand.Create(),
    PicturesCommand.Create(),
    ReplicateCommand.Create(),
    VerifyCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    RecoverCommand.Create(),
    RecoveryKitCommand.Create(),
    RotateCommand.Create(),
    ConformanceCommand.Create(),
    ChaosCommand.Create(),
    FuncCommand.Create(),
    ScriptCommand.Create("test", "Build everything and run the tests; ./tgvault test --help has more."),
    ScriptCommand.Create("package", "Make the package of the function app for Azure; ./tgvault package --help has more."),
    CompletionCommand.Create(),
    HelpCommand.Create(),
};
var parsed = command.Parse(HelpCommand.Rewrite(args));
using var signals = new StopSignals();
return await Failures.ReportAsync(
    async () =>
    {
        if (parsed.Action is ParseErrorAction || (parsed.Action is not HelpAction && UsageErrors.FindUnknownOption(parsed) is not null))
        {
            UsageErrors.Print(parsed);
            return ExitCodes.WrongUsage;
        }

        return await parsed.InvokeAsync(
            // Ours go on until what runs has ended, however long that takes, and end it at once at the second signal.
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            signals.Stop
        );
    },
    signals.Stop
);
