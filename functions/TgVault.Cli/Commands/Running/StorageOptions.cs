using System.CommandLine;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;
using TgVault.Core.TakeOver;

namespace TgVault.Cli.Commands.Running;

/// <summary>Whose rows a command is about: those of --data, else of TgVault__Storage, else of the default data folder.</summary>
sealed class StorageOptions
{
    readonly Option<string?> _data = new("--data") { Description = "The data folder of a vault on this machine.", HelpName = "DIR" };

    public StorageOptions(Command command) => command.Add(_data);

    /// <summary>The storage folder.</summary>
    /// <exception cref="CommandFailedException">The vault keeps its rows in an account, or is of the version before.</exception>
    public string Find(ParseResult parsed) => Resolve(parsed.GetValue(_data), Environment.GetEnvironmentVariable);

    internal static string Resolve(string? data, Func<string, string?> environment)
    {
        var set = data is null ? environment("TgVault__Storage") : null;
        if (set is not null && !Path.IsPathFullyQualified(set) && !set.StartsWith('.'))
            throw new CommandFailedException(
                "TgVault__Storage names no folder, and rows in an account are that account's to keep: name a vault's folder with --data."
            );
        var folder = string.IsNullOrEmpty(set) ? VaultFolder.StorageOf(data ?? VaultFolder.Default) : Path.GetFullPath(set);
        return StorageTakeOver.IsNeeded(folder)
            ? throw new CommandFailedException($"{folder} is of the version before: start the vault once, which takes it over.")
            : folder;
    }
}
