using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>What an app would export, kept as objects, beside whatever else it exports to.</summary>
sealed class Collected
{
    readonly List<MetricSnapshot> _metrics = [];

    /// <summary>To be read once all is flushed.</summary>
    public List<Activity> Spans { get; } = [];

    /// <summary>Adds itself to an app's telemetry.</summary>
    public void AddTo(IOpenTelemetryBuilder telemetry) =>
        telemetry.WithTracing(tracing => tracing.AddInMemoryExporter(Spans)).WithMetrics(metrics => metrics.AddInMemoryExporter(_metrics));

    /// <summary>Sends everything so far to all exporters.</summary>
    public static void Flush(IServiceProvider services)
    {
        Assert.True(services.GetRequiredService<TracerProvider>().ForceFlush(30_000));
        Assert.True(services.GetRequiredService<MeterProvider>().ForceFlush(30_000));
        Assert.True(services.GetRequiredService<LoggerProvider>().ForceFlush(30_000));
    }

    /// <summary>Starts collecting, where no host does it.</summary>
    public static void Start(IServiceProvider services)
    {
        services.GetRequiredService<TracerProvider>();
        services.GetRequiredService<MeterProvider>();
        services.GetRequiredService<LoggerProvider>();
    }

    public IEnumerable<MetricSnapshot> Metrics => _metrics.GroupBy(metric => metric.Name).Select(group => group.Last());

    /// <summary>Sum of a counter, or of a histogram's values, over the series that have these tags.</summary>
    public double Sum(string name, params (string Key, object Value)[] tags) =>
        Points(name, tags).Sum(point => IsHistogram(name) ? point.GetHistogramSum() : point.GetSumLong());

    /// <summary>How many values a histogram was given, over the series that have these tags.</summary>
    public long Count(string name, params (string Key, object Value)[] tags) => Points(name, tags).Sum(point => point.GetHistogramCount());

    /// <summary>Every value that a tag has.</summary>
    public IEnumerable<string> Values(string name, string key) =>
        Points(name, []).Select(point => TagsOf(point).GetValueOrDefault(key)?.ToString() ?? "").Distinct();

    static Dictionary<string, object?> TagsOf(MetricPoint point)
    {
        var tags = new Dictionary<string, object?>();
        foreach (var (key, value) in point.Tags)
            tags[key] = value;
        return tags;
    }

    bool IsHistogram(string name) => Metrics.Single(metric => metric.Name == name).MetricType == MetricType.Histogram;

    IEnumerable<MetricPoint> Points(string name, (string Key, object Value)[] tags) =>
        Metrics
            .Where(metric => metric.Name == name)
            .SelectMany(metric => metric.MetricPoints)
            .Where(point => tags.All(tag => TagsOf(point).TryGetValue(tag.Key, out var value) && Equals(value, tag.Value)));
}
