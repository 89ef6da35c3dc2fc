using System.Globalization;
using System.Text;
using System.Text.Json;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>`tgvault up` as a process of its own that sends to a collector and to Application Insights:
/// what leaves it on the wire.</summary>
public sealed class TelemetryTests : IDisposable
{
    const string Token = "444444:AABotTokenOnTheWire";
    const long Channel = -1004000000004;
    const string Name = "godfather-plays-A1F9.mp4";
    const string Folder = "folder-on-the-wire-30C";

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-wire-").FullName;

    [Fact(Timeout = 240_000)]
    public async Task Both_receivers_get_what_was_measured_and_neither_a_name_a_link_or_a_secret()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var telegram = await BotApiServer.StartAsync(
            new BotApiOptions
            {
                DataDirectory = Path.Combine(_folder, "telegram"),
                Tokens = [Token],
                Channels = [Channel],
            },
            CancellationToken.None
        );
        telegram.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequests,
                Method = "sendDocument",
                Times = 2,
                RetryAfterSeconds = 1,
            }
        );
        var environment = new Dictionary<string, string>
        {
            ["TgVault__Telegram__BaseUrl"] = telegram.Url,
            ["TgVault__Telegram__Bots__0__Token"] = Token,
            ["TgVault__Telegram__Channels__0"] = $"{Channel}",
            ["TgVault__Telegram__MessagesPerMinute"] = "0",
        };
        foreach (var (key, value) in receiver.Otlp.Concat(receiver.ApplicationInsights))
            environment[key] = value!;
        var clip = Path.Combine(_folder, Name);
        File.Copy(await Mp4Clips.PathAsync("h264-aac.mp4"), clip);

        string id,
            link;
        var bytes = 0L;
        await using (
            var vault = await VaultProcess.StartAsync(Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName, environment)
        )
        {
            id = (await vault.UploadAsync(clip, "--folder", Folder)).GetProperty("id").GetString()!;
            link = await vault.LinkAsync(id);
            using var client = new HttpClient();
            // So many that some of them are among the few a second whose traces are kept.
            for (var i = 0; i < 20; i++)
                bytes += (await client.GetByteArrayAsync(link)).Length;
            // Stopping sends the rest.
            Assert.Equal(0, await vault.StopAsync());
        }

        Assert.True(receiver.Holds("/v1/traces", id));
        Assert.True(receiver.Holds("/v1/metrics", "tgvault.playback.bytes"));
        Assert.True(receiver.Holds("/v1/logs", $"Video {id} is ready"));
        var items = receiver
            .BodiesOf("/track")
            .SelectMany(body => Encoding.UTF8.GetString(body).Split('\n'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.Equal(bytes, Sum(items, "tgvault.playback.bytes", "http.route", "/v/{link}/video.mp4"));
        Assert.Equal(1, Sum(items, "tgvault.ingest.videos", "tgvault.outcome", "ready"));
        Assert.Equal(telegram.Counters.Statuses[429], Sum(items, "tgvault.telegram.throttles", "tgvault.operation", "sendDocument"));
        var request = items
            .Select(item => Data(item, "RequestData"))
            .First(data => data is { } found && found.GetProperty("name").GetString() == "GET /v/{link}/video.mp4")!
            .Value;
        Assert.Equal("200", request.GetProperty("responseCode").GetString());
        Assert.True(
            double.Parse(
                request.GetProperty("properties").GetProperty("tgvault.first_byte.seconds").GetString()!,
                CultureInfo.InvariantCulture
            ) > 0
        );
        // What the exporter makes of no scheme, no host and no path.
        Assert.Equal("://", request.GetProperty("url").GetString());
        Assert.Contains(
            items,
            item =>
                Data(item, "MessageData")?.GetProperty("message").GetString()!.Contains($"Video {id} is ready", StringComparison.Ordinal)
                == true
        );

        using var own = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "data", "secrets.json")));
        var token = new Uri(link).AbsolutePath.Split('/')[2];
        var made = own
            .RootElement.EnumerateObject()
            .Where(secret => secret.Value.ValueKind == JsonValueKind.String)
            .Select(secret => secret.Value.GetString()!);
        string[] secrets = [Token, Name, Folder, token, token.Split('.')[2], _folder, .. made];
        Assert.Equal(9, secrets.Length);
        foreach (var secret in secrets)
            Assert.False(receiver.Holds("", secret), $"{secret} was sent.");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_collector_that_is_not_there_is_told_once_in_a_log_that_may_be_of_json()
    {
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{Free.Port()}",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            ["Logging__Console__FormatterName"] = "json",
        };
        await using var vault = await VaultProcess.StartAsync(_folder, environment);

        // Each is measured: more to send, in vain.
        while (Told().Count == 0)
            using (await vault.Client.GetAsync(new Uri("/api/videos", UriKind.Relative))) { }
        Assert.Equal(0, await vault.StopAsync());
        var line = JsonDocument.Parse(Assert.Single(Told())).RootElement;
        Assert.Equal(("Warning", 1005), (line.GetProperty("LogLevel").GetString(), line.GetProperty("EventId").GetInt32()));
        Assert.EndsWith("Z", line.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);

        List<string> Told() => [.. vault.Printed.Split('\n').Where(text => text.Contains("does not reach", StringComparison.Ordinal))];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static double Sum(List<JsonElement> items, string metric, string tag, string value) =>
        items
            .Select(item => Data(item, "MetricData"))
            .OfType<JsonElement>()
            .Where(data =>
                data.GetProperty("metrics")[0].GetProperty("name").GetString() == metric
                && data.GetProperty("properties").GetProperty(tag).GetString() == value
            )
            .Sum(data => data.GetProperty("metrics")[0].GetProperty("value").GetDouble());

    static JsonElement? Data(JsonElement item, string type) =>
        item.GetProperty("data") is var data && data.GetProperty("baseType").GetString() == type ? data.GetProperty("baseData") : null;
}
