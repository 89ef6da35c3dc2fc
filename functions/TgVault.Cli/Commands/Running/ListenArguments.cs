using System.CommandLine;
using TgVault.Core.Hosting;
using TgVault.Core.Settings;

namespace TgVault.Cli.Commands.Running;

/// <summary>The options on where a vault listens; each wins over the setting of the same meaning.</summary>
sealed class ListenArguments
{
    const string Prefix = $"{VaultSettingsReader.Section}:{nameof(VaultSettings.Listen)}";
    const string Addresses = $"{Prefix}:{nameof(ListenSettings.Addresses)}";

    readonly Option<int> _port = UpCommand.CreatePort();
    readonly Option<string[]> _listen = new("--listen")
    {
        Description = "Where to listen besides on loopback: lan for every private address, or addresses of this machine.",
        HelpName = "lan|ADDRESS,...",
        DefaultValueFactory = _ => [],
    };
    readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "A certificate in PEM with its chain: all addresses but loopback speak TLS.",
        HelpName = "FILE",
    };
    readonly Option<string?> _key = new("--certificate-key")
    {
        Description = "Its private key in PEM, where that is in another file.",
        HelpName = "FILE",
    };

    public ListenArguments(Command command)
    {
        command.Add(_port);
        command.Add(_listen);
        command.Add(_certificate);
        command.Add(_key);
    }

    public int PortOf(ParseResult parsed) => parsed.GetValue(_port);

    /// <summary>The environment, with what the options say instead.</summary>
    public IConfiguration Configure(ParseResult parsed) => Configure(parsed, new ConfigurationBuilder().AddEnvironmentVariables().Build());

    internal IConfiguration Configure(ParseResult parsed, IConfiguration environment)
    {
        var listen = (parsed.GetValue(_listen) ?? [])
            .SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToList();
        // A longer list in the environment must not show behind a shorter one.
        var values = environment
            .AsEnumerable()
            .Where(pair => listen.Count == 0 || !pair.Key.StartsWith(Addresses, StringComparison.OrdinalIgnoreCase))
            .Where(pair => pair.Value is not null)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < listen.Count; i++)
            values[$"{Addresses}:{i}"] = listen[i];
        Set(nameof(ListenSettings.Certificate), parsed.GetValue(_certificate));
        Set(nameof(ListenSettings.CertificateKey), parsed.GetValue(_key));
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();

        void Set(string name, string? value)
        {
            if (value is not null)
                values[$"{Prefix}:{name}"] = value;
        }
    }
}
