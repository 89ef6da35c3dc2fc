using System.Diagnostics.Metrics;

namespace TgVault.Core.Telemetry;

/// <summary>
/// Everything the vault measures: one meter, with names and units as OpenTelemetry has them. Tags have few and fixed values: never a
/// video's id, and nothing that a person wrote or may keep secret. It costs nothing while nobody listens.
/// </summary>
public static class VaultMeter
{
    public const string Name = "TgVault";

    static readonly Meter Meter = new(Name);

    // From a cached block to a flood wait of an hour.
    static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    /// <summary>Steps of ingest: <see cref="VaultTags.Step"/>, <see cref="VaultTags.Outcome"/>.</summary>
    public static Histogram<double> IngestStepDuration { get; } =
        Duration("tgvault.ingest.step.duration", "How long steps of ingest take.");

    /// <summary>Attempts that ended: <see cref="VaultTags.Outcome"/> ready or failed.</summary>
    public static Counter<long> IngestVideos { get; } =
        Meter.CreateCounter<long>("tgvault.ingest.videos", "{video}", "Videos that became ready or failed.");

    public static Counter<long> IngestBytes { get; } =
        Meter.CreateCounter<long>("tgvault.ingest.bytes", "By", "Plaintext bytes that were sealed, sent and recorded.");

    public static Counter<long> ChunksSent { get; } =
        Meter.CreateCounter<long>("tgvault.chunks.sent", "{chunk}", "Chunks that were sealed, sent and recorded.");

    /// <summary>Calls of the chunk store, single attempts: <see cref="VaultTags.Operation"/>, <see cref="VaultTags.Outcome"/>.</summary>
    public static Histogram<double> StoreDuration { get; } =
        Duration("tgvault.store.operation.duration", "How long the chunk store takes for one attempt, waiting for its pace included.");

    /// <summary>Sealed bytes: <see cref="VaultTags.Direction"/> sent or received.</summary>
    public static Counter<long> StoreBytes { get; } =
        Meter.CreateCounter<long>("tgvault.store.bytes", "By", "Sealed bytes that the chunk store took or gave.");

    /// <summary>
    /// HTTP requests to the Bot API, until the answer's headers. Tags: <see cref="VaultTags.Operation"/>,
    /// <see cref="VaultTags.StatusCode"/> (0: no answer).
    /// </summary>
    public static Histogram<double> TelegramDuration { get; } =
        Duration("tgvault.telegram.request.duration", "How long Telegram takes to answer.");

    /// <summary>Times that Telegram said "too many requests", in any shape: <see cref="VaultTags.Operation"/>.</summary>
    public static Counter<long> TelegramThrottles { get; } =
        Meter.CreateCounter<long>("tgvault.telegram.throttles", "{answer}", "Answers by which Telegram asked for a wait.");

    /// <summary>Times something waited because of Telegram, and how long: <see cref="VaultTags.Reason"/>.</summary>
    public static Histogram<double> Waits { get; } =
        Duration("tgvault.telegram.wait.duration", "How long sending, reading or a viewer waits because of Telegram.");

    /// <summary>Fetching and opening one span: <see cref="VaultTags.Outcome"/>.</summary>
    public static Histogram<double> FetchDuration { get; } =
        Duration("tgvault.playback.fetch.duration", "How long fetching and opening a span takes.");

    public static Counter<long> CacheHits { get; } =
        Meter.CreateCounter<long>("tgvault.playback.cache.hits", "{span}", "Spans a reader came to that were in memory or on their way.");

    public static Counter<long> CacheMisses { get; } =
        Meter.CreateCounter<long>("tgvault.playback.cache.misses", "{span}", "Spans a reader came to that had to be fetched for it.");

    public static UpDownCounter<long> CacheSize { get; } =
        Meter.CreateUpDownCounter<long>("tgvault.playback.cache.size", "By", "Memory that exists for opened data.");

    /// <summary>Bytes of videos, segments and playlists for viewers: <see cref="VaultTags.Route"/>.</summary>
    public static Counter<long> PlaybackBytes { get; } =
        Meter.CreateCounter<long>("tgvault.playback.bytes", "By", "Bytes handed to viewers.");

    /// <summary>From the request to its first byte: <see cref="VaultTags.Route"/>.</summary>
    public static Histogram<double> FirstByteDuration { get; } =
        Duration("tgvault.playback.first_byte.duration", "How long viewers wait for the first byte.");

    /// <summary>Answers with a video's bytes that are being sent now.</summary>
    public static UpDownCounter<long> ActiveStreams { get; } =
        Meter.CreateUpDownCounter<long>("tgvault.playback.active", "{stream}", "Answers with bytes of videos that are under way.");

    /// <summary>
    /// All requests. Tags: <see cref="VaultTags.Method"/>, <see cref="VaultTags.Route"/>, <see cref="VaultTags.StatusCode"/>,
    /// <see cref="VaultTags.Outcome"/>.
    /// </summary>
    public static Histogram<double> RequestDuration { get; } =
        Duration("tgvault.http.request.duration", "How long requests take, until their last byte.");

    /// <summary>Counts a chunk that is stored and recorded.</summary>
    public static void CountChunk(int lengthBytes)
    {
        ChunksSent.Add(1);
        IngestBytes.Add(lengthBytes);
    }

    static Histogram<double> Duration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, Seconds);
}
