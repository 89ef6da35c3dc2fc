using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Local;

/// <summary>The Bot API stand-in as a child that ends when this process ends, however it ends:
/// it watches the pipe that is its standard input.</summary>
sealed class BotApiProcess : IAsyncDisposable
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    readonly ChildProcess _child;
    readonly string _token;

    BotApiProcess(ChildProcess child, string token, Uri url)
    {
        _child = child;
        _token = token;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Completes when the stand-in ends, asked or not.</summary>
    public Task Exited => _child.Exited;

    /// <summary>Starts it on its folder, on the port it had there the last time where that is still free. It answers a moment
    /// later.</summary>
    /// <param name="folder">What it keeps lies there.</param>
    /// <param name="tokens">Of its bots, the vault's own first.</param>
    /// <param name="channel">The vault's own.</param>
    /// <param name="arguments">More arguments: other channels, and for tests faults on demand.</param>
    public static BotApiProcess Start(string folder, IReadOnlyList<string> tokens, long channel, IEnumerable<string> arguments)
    {
        PrivateFile.MakeFolder(folder);
        var portFile = Path.Combine(folder, "port.json");
        var port = FreePort(PrivateFile.Read<PortFile>(portFile)?.Port ?? 0);
        PrivateFile.Write(portFile, new PortFile(port));
        return new BotApiProcess(Launch(folder, port, tokens, channel, arguments), tokens[0], new Uri($"http://127.0.0.1:{port}"));
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    /// <exception cref="CommandFailedException">It ended, or does not answer; the message ends with what it printed.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.StartNew();
        while (!_child.HasExited && started.Elapsed < LongestStart)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Url, $"/bot{_token}/getMe"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception exception)
                when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // Not listening yet, or on a busy machine not answering.
            }

            await Task.Delay(BetweenLooks, cancellationToken);
        }

        var what = _child.HasExited ? $"ended at once, with code {_child.ExitCode}" : "did not answer in time";
        throw new CommandFailedException($"The Bot API stand-in {what}. {_child.Printed}");
    }

    static ChildProcess Launch(string folder, int port, IEnumerable<string> tokens, long channel, IEnumerable<string> arguments)
    {
        // `dotnet tgvault.dll` and the tests' host both are the dotnet program; the tgvault executable is not.
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host) { Environment = { ["TGVAULT_BOTAPI_TOKENS"] = string.Join(' ', tokens) } };
        string[] all =
        [
            Path.Combine(AppContext.BaseDirectory, "TgVault.BotApi.dll"),
            "--data",
            folder,
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            "--channel",
            channel.ToString(CultureInfo.InvariantCulture),
            "--exit-with-stdin",
            .. arguments,
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        return ChildProcess.Start(start, LongestStop);
    }

    static int FreePort(int wanted)
    {
        foreach (var port in wanted == 0 ? [0] : new[] { wanted, 0 })
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody else has it now.
            }
        }

        throw new CommandFailedException("No loopback port is free.");
    }

    sealed record PortFile(int Port);
}
