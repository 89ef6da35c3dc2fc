using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using TgVault.Cli.Local;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>The private folder of a run, with ports and secrets of its own: nothing of another vault is used or touched.</summary>
sealed class VictimPlace
{
    // Below what Linux gives to outgoing connections (net.ipv4.ip_local_port_range): one from there could be taken while nobody listens.
    const int FirstPort = 20_000;
    const int Ports = 12_000;
    const string Settings = "TgVault__";
    const string FfmpegFolder = "TgVault__Ffmpeg__Folder";

    public VictimPlace(string folder)
    {
        Folder = Path.GetFullPath(folder);
        PrivateFile.MakeFolder(Folder);
        (VaultPort, StandInPort) = (FreePort(), FreePort());
        Token = string.Create(
            CultureInfo.InvariantCulture,
            $"{RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue)}:{RandomNumberGenerator.GetHexString(35, lowercase: true)}"
        );
    }

    public string Folder { get; }

    /// <summary>The vault's data folder.</summary>
    public string Data => Path.Combine(Folder, "vault");

    /// <summary>What the vault's rows and uploads are in.</summary>
    public string Storage => VaultFolder.StorageOf(Data);

    /// <summary>The documents of the stand-in.</summary>
    public string Telegram => Path.Combine(Folder, "telegram");

    /// <summary>Where everything that is posted is kept a second time.</summary>
    public string Replica => Path.Combine(Folder, "replica");

    public int VaultPort { get; }

    public int StandInPort { get; }

    public string Token { get; }

    public static long Channel => -1_000_000_000_042;

    /// <summary>What the vault is set to, but for its replica.</summary>
    public IReadOnlyDictionary<string, string> VaultSettings =>
        new Dictionary<string, string>
        {
            [$"{Settings}Telegram__BaseUrl"] = $"http://127.0.0.1:{StandInPort}",
            [$"{Settings}Telegram__Bots__0__Token"] = Token,
            [$"{Settings}Telegram__Channels__0"] = Channel.ToString(CultureInfo.InvariantCulture),
            [$"{Settings}Telegram__MessagesPerMinute"] = "0",
            // Calls that get no answer are to end within the run.
            [$"{Settings}Telegram__TimeoutSeconds"] = "10",
            [$"{Settings}Chunks__Size"] = "524288",
            [$"{Settings}Uploads__WatchMilliseconds"] = "200",
        };

    /// <summary>The same with the replica.</summary>
    public IReadOnlyDictionary<string, string> VaultSettingsWithReplica =>
        new Dictionary<string, string>(VaultSettings) { [$"{Settings}Replicas__0__Folder"] = Replica };

    /// <summary>A program of ours to start, without what somebody set for a vault of their own.</summary>
    public static ProcessStartInfo Program(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        // `dotnet tgvault.dll` and the tests' host both are the dotnet program; the tgvault executable is not.
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => IsForAnother(name)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    static bool IsForAnother(string name) =>
        (name.StartsWith("TgVault", StringComparison.OrdinalIgnoreCase) && name != FfmpegFolder)
        || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name == "APPLICATIONINSIGHTS_CONNECTION_STRING";

    static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(FirstPort, FirstPort + Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another's; the next one, then.
            }
        }
    }
}
