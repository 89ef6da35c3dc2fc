using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary>
/// Which vault a client command talks to: --url, else the one on --data, else TGVAULT_URL, else the one on the default folder.
/// Each carries its own key; --key and then TGVAULT_KEY stand in where none comes with it.
/// </summary>
sealed class VaultOptions
{
    readonly Option<string?> _data = new("--data") { Description = "The data folder of a vault on this machine.", HelpName = "DIR" };
    readonly Option<string?> _url = new("--url") { Description = "Where the vault answers (or TGVAULT_URL).", HelpName = "URL" };
    readonly Option<string?> _key = new("--key")
    {
        Description = "The vault's API key (or TGVAULT_KEY, which other users of this machine do not see).",
        HelpName = "KEY",
    };

    public VaultOptions(Command command)
    {
        command.Add(_data);
        command.Add(_url);
        command.Add(_key);
    }

    /// <exception cref="CommandFailedException">No vault was named and none runs here, or there is no key.</exception>
    public VaultClient Connect(ParseResult parsed)
    {
        var (url, key) = Find(parsed);
        return new VaultClient(url, key);
    }

    /// <exception cref="CommandFailedException">No vault was named and none runs here, or there is no key.</exception>
    public (Uri Url, string Key) Find(ParseResult parsed) =>
        Resolve(parsed.GetValue(_url), parsed.GetValue(_data), parsed.GetValue(_key), Environment.GetEnvironmentVariable);

    /// <summary>Where journals of uploads are kept: beside the vault's data, or with the user's state for a vault elsewhere.</summary>
    public string JournalFolder(ParseResult parsed)
    {
        var data = parsed.GetValue(_data) ?? VaultFolder.Default;
        if (parsed.GetValue(_url) is null && Directory.Exists(data))
            return Path.Combine(Path.GetFullPath(data), "uploads");
        var state =
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } folder && Path.IsPathRooted(folder)
                ? folder
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "tgvault", "uploads");
    }

    internal static (Uri Url, string Key) Resolve(string? url, string? data, string? key, Func<string, string?> environment)
    {
        url ??= data is null ? NullIfEmpty(environment("TGVAULT_URL")) : null;
        if (url is null)
        {
            var folder = Path.GetFullPath(data ?? VaultFolder.Default);
            var running =
                VaultFolder.FindRunning(folder)
                ?? throw new CommandFailedException(
                    $"No vault is running on {folder}. Start one with `./tgvault up`, or name another with --data or --url."
                );
            (url, key) = (running.Url, key ?? running.ApiKey);
        }

        key ??=
            NullIfEmpty(environment("TGVAULT_KEY"))
            ?? throw new CommandFailedException($"Which API key does {url} want? Give it in TGVAULT_KEY or with --key.");
        if (
            !Uri.TryCreate(url.EndsWith('/') ? url : url + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
        )
            throw new CommandFailedException($"{url} is not the URL of a vault: it begins with http:// or https://.");
        if (key.Any(c => c is < '!' or > '~'))
            throw new CommandFailedException("The API key holds characters that no key has.");
        return (address, key);
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
