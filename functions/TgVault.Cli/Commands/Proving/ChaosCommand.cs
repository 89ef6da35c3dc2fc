using System.CommandLine;
using System.Security.Cryptography;
using TgVault.Cli.Chaos;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Proving;

/// <summary><c>tgvault chaos</c>: a vault of its own is used and broken for a while, and then has to be whole.</summary>
static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes")
        {
            Description = "How long things go wrong; the checks come on top.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 24 * 60))
                result.AddError("--minutes must be more than 0 and at most 1440.");
        });
        var seed = new Option<int?>("--seed")
        {
            Description = "The same seed gives the same files, actions and faults in their order; without it, one at random.",
            HelpName = "S",
        };
        var folder = new Option<string?>("--folder")
        {
            Description = "Where the vault of the run lies, empty or not there yet; without it, a temporary folder.",
            HelpName = "DIR",
        };
        var keep = new Option<bool>("--keep") { Description = "Keep the folder also when all is well." };
        var json = new Option<bool>("--json") { Description = "Print the counts as JSON." };
        var command = new Command(
            "chaos",
            "Use a vault of its own and break it in every way for a while, then check that nothing was lost."
        )
        {
            minutes,
            seed,
            folder,
            keep,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new ChaosOptions(
                        TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                        parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
                        Path.GetFullPath(parsed.GetValue(folder) ?? Directory.CreateTempSubdirectory("tgvault-chaos-").FullName)
                    ),
                    parsed.GetValue(keep),
                    parsed.GetValue(json),
                    cancellationToken
                )
        );
        return command;
    }

    static async Task<int> RunAsync(ChaosOptions options, bool isKept, bool asJson, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new CommandFailedException("This system has no signals to stop a process with: run it on Linux or macOS.");
        if (Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any())
            throw new CommandFailedException($"{options.Folder} is not empty: name another folder.");
        Notice.PrintError($"Seed {options.Seed}, in {options.Folder}.");
        var tally = new Tally { OnBreak = told => Notice.PrintError($"{DateTime.Now:HH:mm:ss} BROKEN {SafeText.Of(told)}") };
        var isWell = false;
        try
        {
            await new ChaosRun(options, tally, told => Notice.PrintError($"{DateTime.Now:HH:mm:ss} {told}")).RunAsync(cancellationToken);
            isWell = tally.Breaks == 0;
        }
        finally
        {
            if (isWell && !isKept)
                Directory.Delete(options.Folder, recursive: true);
            else
                Notice.PrintError($"The folder of the run is kept: {options.Folder}");
        }

        if (asJson)
            ChaosReport.PrintJson(tally, options);
        else
            ChaosReport.Print(tally, options);
        return isWell ? ExitCodes.Done : ExitCodes.Failed;
    }
}
