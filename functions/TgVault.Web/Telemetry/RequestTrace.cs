using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using TgVault.Core;
using TgVault.Core.Telemetry;

namespace TgVault.Web.Telemetry;

/// <summary>
/// One request in both hosts: a span and a duration under the route's pattern. In place of ASP.NET Core's own instrumentation,
/// which records paths and queries: here they hold links and keys.
/// </summary>
internal sealed class RequestTrace
{
    readonly KeyValuePair<string, object?> _route;
    readonly long _began = Stopwatch.GetTimestamp();
    readonly Activity? _activity;
    long _bytes;
    bool _isStream;
    bool _isCut;

    RequestTrace(string route, string method, HttpContext context)
    {
        _route = new(VaultTags.Route, route);
        _activity = Start($"{method} {route}", context);
        _activity?.SetTag(VaultTags.Method, method).SetTag(_route.Key, _route.Value);
    }

    /// <summary>Whether there is any use in measuring: where nobody listens a request must cost nothing more.</summary>
    public static bool IsListenedTo =>
        VaultTrace.Source.HasListeners()
        || VaultMeter.RequestDuration.Enabled
        || VaultMeter.PlaybackBytes.Enabled
        || VaultMeter.FirstByteDuration.Enabled;

    /// <summary>This request's, where anybody listens.</summary>
    public static RequestTrace? Of(HttpContext context) => context.Features.Get<RequestTrace>();

    /// <param name="route">The pattern, never the path.</param>
    /// <param name="context">The request.</param>
    /// <param name="answer">Does not throw.</param>
    public static async Task RunAsync(string route, HttpContext context, RequestDelegate answer)
    {
        // Whatever case a client writes, it is one of a few values; routing lets only these through.
        var method = context.Request.Method.ToUpperInvariant();
        var trace = new RequestTrace(route, method, context);
        context.Features.Set(trace);
        try
        {
            await answer(context);
        }
        finally
        {
            trace.End(method, context);
        }
    }

    /// <summary>The same bytes, counted as they go to the viewer.</summary>
    public Stream Count(Stream body, VideoId video)
    {
        _activity?.SetTag(VaultTags.Video, video.ToString());
        if (!_isStream)
            VaultMeter.ActiveStreams.Add(1);
        _isStream = true;
        return new CountedBody(body, Given);
    }

    /// <summary>The answer could not be finished; the connection is cut.</summary>
    public void Cut() => _isCut = true;

    void Given(int count)
    {
        if (_bytes == 0)
        {
            var wait = Stopwatch.GetElapsedTime(_began).TotalSeconds;
            VaultMeter.FirstByteDuration.Record(wait, _route);
            _activity?.SetTag(VaultTags.FirstByte, wait);
        }

        _bytes += count;
        VaultMeter.PlaybackBytes.Add(count, _route);
    }

    void End(string method, HttpContext context)
    {
        if (_isStream)
            VaultMeter.ActiveStreams.Add(-1);
        var status = context.Response.StatusCode;
        var outcome =
            _isCut ? "cut"
            : context.RequestAborted.IsCancellationRequested ? "left"
            : "answered";
        VaultMeter.RequestDuration.Record(
            Stopwatch.GetElapsedTime(_began).TotalSeconds,
            new(VaultTags.Method, method),
            _route,
            new(VaultTags.StatusCode, status),
            new(VaultTags.Outcome, outcome)
        );
        _activity?.SetTag(VaultTags.StatusCode, status);
        if (_isStream)
            _activity?.SetTag(VaultTags.Bytes, _bytes);
        _activity.End(outcome, isError: _isCut || status >= 500);
    }

    /// <summary>
    /// Below the invocation in a function app. Elsewhere the only thing above is ASP.NET Core's span, which nobody exports, and what
    /// the client sent, who may be anybody: so a trace begins here, and refers to the client's.
    /// </summary>
    static Activity? Start(string name, HttpContext context)
    {
        var above = Activity.Current;
        if (above is { Source: var source } && source.HasListeners())
            return VaultTrace.Source.StartActivity(name, ActivityKind.Server);
        ActivityLink[] links = [];
        if (ActivityContext.TryParse(context.Request.Headers.TraceParent, null, isRemote: true, out var client))
            links = [new ActivityLink(client)];
        Activity.Current = null;
        return VaultTrace.Source.StartActivity(ActivityKind.Server, links: links, name: name);
    }
}
