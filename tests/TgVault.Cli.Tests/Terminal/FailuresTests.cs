using System.Net.Sockets;
using System.Text.Json;
using Azure;
using TgVault.Cli.Client;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Terminal;

public sealed class FailuresTests
{
    public static TheoryData<Exception> Worldly =>
        [
            new AggregateException(
                "Retry failed after 7 tries. Retry settings can be adjusted in ClientOptions.Retry.",
                new RequestFailedException(0, "Connection refused\nmore", null, new SocketException(111)),
                new RequestFailedException(0, "Connection refused\nmore", null, new SocketException(111))
            ),
            new RequestFailedException(507, "The vault's disk is full.\nStatus: 507\nurl?sig=secret", "InsufficientStorage", null),
            new HttpRequestException("An error occurred while sending the request.", new IOException("x", new SocketException(104))),
            new IOException("Unable to read data from the transport connection: Connection reset by peer.", new SocketException(104)),
            new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."),
            new TaskCanceledException("A task was canceled."),
            new JsonException("'<' is an invalid start of a value."),
            new UnauthorizedAccessException("Access to the path '/x' is denied."),
            new VaultUnreachableException("No vault answers at http://localhost:1."),
        ];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Worldly))]
    public async Task What_the_world_does_is_one_sentence_and_exit_code_1(Exception exception)
    {
        var code = await Failures.ReportAsync(() => Task.FromException<int>(exception), CancellationToken.None);
        var said = Failures.Describe(exception);

        Assert.Equal(1, code);
        Assert.DoesNotContain('\n', said);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain("ClientOptions", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 10, 200);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_nobody_foresaw_has_a_code_of_its_own()
    {
        var code = await Failures.ReportAsync(
            () => Task.FromException<int>(new InvalidOperationException("bug: it broke")),
            CancellationToken.None
        );

        Assert.Equal(70, code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_a_stop_that_somebody_asked_for_is_an_interruption()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.Equal(130, await Failures.ReportAsync(() => Task.FromCanceled<int>(stop.Token), stop.Token));
        Assert.Equal(1, await Failures.ReportAsync(() => Task.FromCanceled<int>(stop.Token), CancellationToken.None));
    }
}
