using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using TgVault.Cli.Local;

namespace TgVault.Azurite;

/// <summary>A server certificate and its key, as PEM files.</summary>
public sealed record AzuriteCertificate(string Path, string KeyPath);

/// <summary>
/// One Azurite (blobs, queues, tables) on loopback, as a child that ends when this process ends, however it ends; see azurite-child.mjs.
/// Azurite keeps rows and blob lists in memory and writes them every 5 s and on a graceful stop.
/// So nothing is lost when this object is disposed of or when this process is killed, but a kill -9 of Azurite itself, or a power cut, may
/// lose the last 5 s of acknowledged writes.
/// </summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    // Longer than azurite-child.mjs gives itself, so that the kill is for a hung process only.
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(25);

    readonly ChildProcess _child;
    readonly Dictionary<string, int> _ports = [];
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    AzuriteAccount _account;

    AzuriteProcess(string folder, string nodeModules, AzuriteAccount account, AzuriteCertificate? certificate)
    {
        _account = account;
        _child = Launch(folder, nodeModules, account, certificate, Take);
    }

    /// <summary>For both SDKs. Holds the account's key: a secret of this machine.</summary>
    public string ConnectionString => _account.ConnectionString;

    public int BlobPort => _account.BlobPort;

    public int TablePort => _account.TablePort;

    public int ProcessId => _child.Id;

    /// <summary>Completes when Azurite ends, asked or not.</summary>
    public Task Exited => _child.Exited;

    /// <summary>
    /// Starts Azurite on <paramref name="dataDirectory"/> (made where missing), on the ports it had there the last time where they are
    /// still free.
    /// Waits for a former Azurite of the same folder to end, and until the endpoints answer: at most 60 s in all.
    /// </summary>
    /// <param name="dataDirectory">Holds this Azurite's state and nothing else.</param>
    /// <param name="nodeModulesDirectory">Where `npm ci` put the packages.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message ends with what it printed.</exception>
    public static Task<AzuriteProcess> StartAsync(string dataDirectory, string nodeModulesDirectory, CancellationToken cancellationToken) =>
        StartAsync(dataDirectory, nodeModulesDirectory, certificate: null, cancellationToken);

    /// <summary>As the other one; with a certificate it serves https, takes bearer tokens, and finds the account in the host's name, as the
    /// real service does.</summary>
    public static async Task<AzuriteProcess> StartAsync(
        string dataDirectory,
        string nodeModulesDirectory,
        AzuriteCertificate? certificate,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.GetFullPath(dataDirectory);
        Directory.CreateDirectory(folder);
        var account = AzuriteAccount.Load(folder);
        var azurite = new AzuriteProcess(folder, nodeModulesDirectory, account, certificate);
        try
        {
            await azurite.WaitUntilReadyAsync(cancellationToken);
            azurite._account = account with
            {
                BlobPort = azurite._ports["Blob"],
                QueuePort = azurite._ports["Queue"],
                TablePort = azurite._ports["Table"],
            };
            azurite._account.Save(folder);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it gracefully, so that its state is on disk; kills it only if that takes longer than 25 s.</summary>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    static ChildProcess Launch(
        string folder,
        string nodeModules,
        AzuriteAccount account,
        AzuriteCertificate? certificate,
        Action<string> onLine
    )
    {
        var start = new ProcessStartInfo("node");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "azurite-child.mjs"));
        start.ArgumentList.Add(nodeModules);
        Add("--location", folder);
        AddEndpoint("blob", account.BlobPort);
        AddEndpoint("queue", account.QueuePort);
        AddEndpoint("table", account.TablePort);
        // The SDKs speak newer API versions than Azurite knows by name; telemetry fails noisily where there is no way out.
        start.ArgumentList.Add("--skipApiVersionCheck");
        start.ArgumentList.Add("--disableTelemetry");
        start.ArgumentList.Add("--silent");
        if (certificate is null)
        {
            // A name such as localhost or one in /etc/hosts must not be taken for the account's.
            start.ArgumentList.Add("--disableProductStyleUrl");
        }
        else
        {
            Add("--cert", certificate.Path);
            Add("--key", certificate.KeyPath);
            Add("--oauth", "basic");
        }

        start.Environment["AZURITE_ACCOUNTS"] = $"{AzuriteAccount.Name}:{account.Key}";
        try
        {
            return ChildProcess.Start(start, LongestStop, onLine);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("Azurite needs Node.js: the program `node` was not found on PATH.", exception);
        }

        void Add(string name, string value)
        {
            start.ArgumentList.Add(name);
            start.ArgumentList.Add(value);
        }

        void AddEndpoint(string service, int port)
        {
            Add($"--{service}Host", IPAddress.Loopback.ToString());
            Add($"--{service}Port", (IsFree(port) ? port : 0).ToString(CultureInfo.InvariantCulture));
        }
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(_ready.Task, Exited).WaitAsync(LongestStart, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException(
                $"Azurite did not answer within {LongestStart.TotalSeconds} s. {_child.Printed}",
                exception
            );
        }

        if (!_ready.Task.IsCompleted)
            throw new InvalidOperationException($"Azurite ended at once, with code {_child.ExitCode}. {_child.Printed}");
    }

    void Take(string line)
    {
        if (Listening().Match(line) is { Success: true } listening)
            _ports[listening.Groups["service"].Value] = int.Parse(listening.Groups["port"].ValueSpan, CultureInfo.InvariantCulture);
        if (line == "Azurite is ready")
            _ready.TrySetResult();
    }

    [GeneratedRegex(
        @"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at https?://127\.0\.0\.1:(?<port>\d+)$",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Listening();
}
