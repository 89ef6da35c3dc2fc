using System.Net;
using System.Net.Sockets;
using System.Text;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;

namespace TgVault.Cli.Tests.Client;

public sealed class IngestWatchTests
{
    const string Id = "7ybqv296abctqnkcw6k02ngy9x";

    [Fact(Timeout = 60_000)]
    public async Task A_vault_that_stops_while_it_is_followed_is_waited_for_and_said_to_be_gone()
    {
        // The first answer is good, the events break off, then nobody answers for a moment, then the video is ready.
        var answers = new Queue<Func<HttpResponseMessage>>([
            () => Json("ingesting"),
            () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BrokenStream()) },
            () => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"),
            () => Json("ready"),
        ]);
        using var vault = new VaultClient(new Uri("http://localhost:1/"), "key", new Answers(answers));
        var seen = new List<string?>();

        var video = await new IngestWatch(vault).WaitAsync(Id, video => seen.Add(video?.Status), CancellationToken.None);

        Assert.Equal("ready", video.Status);
        Assert.Equal(["ingesting", null, null], seen);
    }

    static HttpResponseMessage Json(string status) =>
        new(HttpStatusCode.OK)
        {
            Content = new StringContent($$"""{"id":"{{Id}}","name":"film.mkv","status":"{{status}}"}""", Encoding.UTF8, "application/json"),
        };

    sealed class Answers(Queue<Func<HttpResponseMessage>> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answers.Dequeue()());
    }

    /// <summary>What a socket gives when the other side has gone.</summary>
    sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(new IOException("Unable to read data.", new SocketException(104)));
    }
}
