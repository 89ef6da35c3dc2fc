using System.Net;
using System.Net.Sockets;
using System.Text;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Local;

/// <summary>A vault on a machine so busy that its first answer takes long.</summary>
public sealed class SlowStartTests
{
    [Fact(Timeout = 60_000)]
    public async Task One_answer_that_takes_too_long_does_not_end_the_start()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}");

        var waiting = Serve.WaitUntilHealthyAsync(url, TimeSpan.FromSeconds(50), TimeSpan.FromMilliseconds(200), CancellationToken.None);
        // Taken, and never answered.
        using var first = await server.AcceptTcpClientAsync();
        using var second = await server.AcceptTcpClientAsync();
        await second.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));

        await waiting;
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_never_answers_ends_the_start_at_the_limit()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}");

        await Assert.ThrowsAsync<CommandFailedException>(() =>
            Serve.WaitUntilHealthyAsync(url, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(100), CancellationToken.None)
        );
    }
}
