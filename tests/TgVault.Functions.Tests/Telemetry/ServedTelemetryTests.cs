using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using TgVault.Core.Telemetry;
using TgVault.Web;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>What a vault on one machine sends: that all of it is there and right, and nothing that it must not tell.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ServedTelemetryTests(ServedVault vault) : IClassFixture<ServedVault>
{
    static readonly string[] Steps = ["cleanup", "commit", "inspect", "plan", "prepare", "send", "verify"];

    readonly Collected _sent = vault.Collected;

    [Fact]
    public void Every_instrument_has_measured_something_in_its_unit()
    {
        var properties = typeof(VaultMeter).GetProperties(BindingFlags.Public | BindingFlags.Static);
        var instruments = properties.Select(property => property.GetValue(null)).OfType<Instrument>().ToList();

        Assert.Equal(17, instruments.Count);
        foreach (var instrument in instruments)
        {
            var metric = Assert.Single(_sent.Metrics, metric => metric.Name == instrument.Name);
            Assert.Equal(instrument.Unit, metric.Unit);
            Assert.NotEmpty(metric.MetricPoints);
            Assert.StartsWith("tgvault.", metric.Name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_handed_out_are_those_that_clients_got()
    {
        var streams = vault.Given.Keys.Where(route => route.StartsWith("/v/", StringComparison.Ordinal) || route == "/api/stream");
        foreach (var route in streams.Where(route => route != "/v/{link}/video.mp4"))
            Assert.Equal(vault.Given[route], _sent.Sum("tgvault.playback.bytes", (VaultTags.Route, route)));

        // By this route one viewer was cut off, whose bytes nobody counted; it got less than the clip.
        var video = _sent.Sum("tgvault.playback.bytes", (VaultTags.Route, "/v/{link}/video.mp4"));
        Assert.InRange(video, vault.Given["/v/{link}/video.mp4"], vault.Given["/v/{link}/video.mp4"] + vault.StoredBytes - 1);
        Assert.Equal(0, _sent.Sum("tgvault.playback.active"));
    }

    [Fact]
    public void Requests_are_counted_by_route_and_status_as_clients_saw_them()
    {
        const string Requests = "tgvault.http.request.duration";
        foreach (var ((route, status), count) in vault.Answers.Where(answer => answer.Key.Route != "/api/videos"))
            Assert.Equal(
                count,
                _sent.Count(Requests, (VaultTags.Route, route), (VaultTags.StatusCode, status), (VaultTags.Outcome, "answered"))
            );

        Assert.Equal(1, _sent.Count(Requests, (VaultTags.Outcome, "cut")));
        Assert.Equal(
            vault.Answers[("/api/videos", 401)],
            _sent.Count(Requests, (VaultTags.Route, "/api/videos"), (VaultTags.StatusCode, 401))
        );
        Assert.Empty(_sent.Values(Requests, VaultTags.Route).Except(VaultRoutes.All.Select(route => "/" + route.Pattern)));
    }

    [Fact]
    public void Ingest_is_counted_in_videos_chunks_and_bytes()
    {
        // Announced, unannounced, and the one that was cut short.
        Assert.Equal(2, _sent.Sum("tgvault.ingest.videos", (VaultTags.Outcome, "ready")));
        Assert.Equal(1, _sent.Sum("tgvault.ingest.videos", (VaultTags.Outcome, "failed")));
        var files = vault.Stored.Values.SelectMany(plans => plans).ToList();
        Assert.Equal(files.Sum(file => file.LengthBytes), _sent.Sum("tgvault.ingest.bytes"));
        Assert.Equal(files.Sum(file => file.Count), _sent.Sum("tgvault.chunks.sent"));
        Assert.Equal(
            files.Sum(file => file.Count),
            _sent.Count("tgvault.ingest.step.duration", (VaultTags.Step, "send"), (VaultTags.Outcome, "done"))
        );
        Assert.Equal(2, _sent.Count("tgvault.ingest.step.duration", (VaultTags.Step, "commit"), (VaultTags.Outcome, "done")));
        // What was cut short was refused before anything looked into it.
        Assert.Equal(2, _sent.Count("tgvault.ingest.step.duration", (VaultTags.Step, "inspect")));
        Assert.Equal(Steps, _sent.Values("tgvault.ingest.step.duration", VaultTags.Step).Order());
    }

    [Fact]
    public void Requests_to_telegram_are_those_it_answered_and_every_too_many_requests_counts()
    {
        Assert.Equal(
            vault.Telegram.Of("sendDocument"),
            _sent.Count("tgvault.telegram.request.duration", (VaultTags.Operation, "sendDocument"))
        );
        Assert.Equal(vault.Telegram.Of("getFile"), _sent.Count("tgvault.telegram.request.duration", (VaultTags.Operation, "getFile")));
        Assert.Equal(vault.Telegram.Of("file"), _sent.Count("tgvault.telegram.request.duration", (VaultTags.Operation, "download")));
        Assert.Equal(2, vault.Telegram.Statuses[429]);
        Assert.Equal(2, _sent.Count("tgvault.telegram.request.duration", (VaultTags.StatusCode, 429)));
        // And the one in the shape of a 400.
        Assert.Equal(3, _sent.Sum("tgvault.telegram.throttles", (VaultTags.Operation, "sendDocument")));
        Assert.Equal(3, _sent.Sum("tgvault.telegram.throttles"));
        Assert.DoesNotContain("other", _sent.Values("tgvault.telegram.request.duration", VaultTags.Operation));
    }

    [Fact]
    public void Waits_are_told_by_their_reason_with_the_time_that_was_asked_for()
    {
        Assert.Equal(
            ["flood", "hold", "pace", "retry", "workflow"],
            _sent.Values("tgvault.telegram.wait.duration", VaultTags.Reason).Order()
        );
        Assert.InRange(_sent.Sum("tgvault.telegram.wait.duration", (VaultTags.Reason, "flood")), 1, 10);
        Assert.InRange(_sent.Sum("tgvault.telegram.wait.duration", (VaultTags.Reason, "workflow")), 1, 60);
    }

    [Fact]
    public void What_the_store_took_and_gave_is_at_least_what_was_stored_and_read()
    {
        Assert.InRange(_sent.Sum("tgvault.store.bytes", (VaultTags.Direction, "sent")), vault.StoredBytes, vault.Telegram.UploadedBytes);
        Assert.InRange(_sent.Sum("tgvault.store.bytes", (VaultTags.Direction, "received")), vault.StoredBytes, vault.Telegram.FileBytes);
        Assert.Equal(
            2,
            _sent.Count("tgvault.store.operation.duration", (VaultTags.Operation, "read"), (VaultTags.Outcome, "transient")) - 1
        );
        Assert.InRange(_sent.Sum("tgvault.playback.cache.misses"), 1, _sent.Count("tgvault.playback.fetch.duration"));
        Assert.InRange(_sent.Sum("tgvault.playback.cache.hits"), 1, double.MaxValue);
        Assert.Equal(1, _sent.Count("tgvault.playback.fetch.duration", (VaultTags.Outcome, "damaged")));
        Assert.InRange(_sent.Sum("tgvault.playback.cache.size"), 1, 48 << 20);
    }

    [Fact]
    public void An_ingest_is_one_trace_with_its_steps_and_their_calls_of_the_store()
    {
        var ofVideo = _sent.Spans.Where(span => (string?)span.GetTagItem(VaultTags.Video) == vault.Video.ToString());
        var steps = ofVideo.Where(span => span.DisplayName.StartsWith("ingest ", StringComparison.Ordinal)).ToList();
        var root = Assert.Single(_sent.Spans, span => span.DisplayName == "ingest" && span.TraceId == steps[0].TraceId);

        Assert.All(steps, step => Assert.Equal(root.TraceId, step.TraceId));
        Assert.All(steps, step => Assert.Equal(root.SpanId, step.ParentSpanId));
        Assert.Equal(default, root.ParentSpanId);
        Assert.Equal(Steps.Select(step => $"ingest {step}"), steps.Select(step => step.DisplayName).Distinct().Order());
        var chunks = vault.Stored[vault.Video].Sum(file => file.Count);
        Assert.Equal(
            chunks,
            steps.Count(step => step.DisplayName == "ingest send" && (string?)step.GetTagItem(VaultTags.Outcome) == "done")
        );
        var sends = steps.Where(step => step.DisplayName == "ingest send").Select(step => step.SpanId).ToHashSet();
        var puts = _sent.Spans.Where(span => span.DisplayName == "store put" && sends.Contains(span.ParentSpanId)).ToList();
        Assert.Equal(chunks, puts.Count(put => (string?)put.GetTagItem(VaultTags.Outcome) == "ok"));
        Assert.Contains(
            steps.SelectMany(step => step.Events),
            wait => wait.Name == "wait" && wait.Tags.Contains(new(VaultTags.Reason, "flood"))
        );
    }

    [Fact]
    public void A_request_is_a_span_under_its_pattern_with_its_fetches_below_it()
    {
        var requests = _sent.Spans.Where(span => span.Kind == ActivityKind.Server).ToList();

        var reads = _sent.Spans.Where(span => span.DisplayName == "store read").Select(read => read.ParentSpanId).ToHashSet();
        Assert.Contains(requests, span => span.DisplayName == "GET /v/{link}/video.mp4" && reads.Contains(span.SpanId));
        Assert.Contains(
            requests,
            span => span.DisplayName == "HEAD /v/{link}/video.mp4" && Equals(span.GetTagItem(VaultTags.StatusCode), 200)
        );
        Assert.Single(requests, span => (string?)span.GetTagItem(VaultTags.Outcome) == "cut" && span.Status == ActivityStatusCode.Error);
        Assert.All(requests.Select(span => span.GetTagItem(VaultTags.FirstByte)).OfType<double>(), wait => Assert.InRange(wait, 0, 60));
        Assert.All(requests, span => Assert.Equal(default, span.ParentSpanId));
    }

    [Fact]
    public void Nothing_that_was_sent_holds_a_name_a_link_or_a_secret()
    {
        // What may be told is there: so the search finds what it looks for.
        Assert.True(vault.Receiver.Holds("/v1/traces", vault.Video.ToString()));
        Assert.True(vault.Receiver.Holds("/v1/logs", $"Video {vault.Video} is ready"));
        Assert.True(vault.Receiver.Holds("/v1/logs", "did not open"));
        Assert.True(vault.Receiver.Holds("/v1/metrics", "tgvault.playback.bytes"));
        Assert.False(vault.Receiver.Holds("/v1/metrics", vault.Video.ToString()));
        Assert.Equal(17, vault.Secrets.Count);
        foreach (var (what, secret) in vault.Secrets)
            Assert.False(vault.Receiver.Holds("", secret), $"The {what} was sent.");
    }

    [Fact]
    public void Only_what_is_known_is_sent()
    {
        Assert.DoesNotContain(_sent.Spans, span => span.Source.Name != VaultTrace.Name);
        string[] known =
        [
            VaultTags.Outcome,
            VaultTags.Step,
            VaultTags.Operation,
            VaultTags.Method,
            VaultTags.Route,
            VaultTags.StatusCode,
            VaultTags.Video,
            VaultTags.Attempt,
            VaultTags.Bytes,
            VaultTags.FirstByte,
        ];
        Assert.Empty(_sent.Spans.SelectMany(span => span.TagObjects.Select(tag => tag.Key)).Distinct().Except(known));
        Assert.All(_sent.Spans, span => Assert.Null(span.StatusDescription));
        Assert.DoesNotContain(_sent.Metrics, metric => metric.MeterName is not (VaultMeter.Name or "System.Runtime"));
        // Waits are the only events.
        Assert.All(_sent.Spans.SelectMany(span => span.Events), wait => Assert.Equal("wait", wait.Name));
    }
}
