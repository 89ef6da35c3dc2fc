namespace TgVault.Core.Telemetry;

/// <summary>Names of tags, and the values that are the same in several places. Values are constants, never text from outside.</summary>
public static class VaultTags
{
    public const string Outcome = "tgvault.outcome";
    public const string Step = "tgvault.step";
    public const string Operation = "tgvault.operation";
    public const string Reason = "tgvault.reason";
    public const string Direction = "tgvault.direction";

    public const string Method = "http.request.method";
    public const string Route = "http.route";
    public const string StatusCode = "http.response.status_code";

    /// <summary>Of spans only: in metrics it would make a series per video.</summary>
    public const string Video = "tgvault.video.id";
    public const string Attempt = "tgvault.ingest.attempt";
    public const string Bytes = "tgvault.bytes";
    public const string FirstByte = "tgvault.first_byte.seconds";

    public static KeyValuePair<string, object?> Ready { get; } = new(Outcome, "ready");

    public static KeyValuePair<string, object?> Failed { get; } = new(Outcome, "failed");

    /// <summary>What a failure is called: of ours by what it means for the caller, of others nothing more than that it failed.</summary>
    public static string OutcomeOf(Exception failure) =>
        failure switch
        {
            ChunkStoreException { RetryAfter: not null } => "wait",
            ChunkStoreException { Failure: ChunkStoreFailure.Transient } => "transient",
            ChunkStoreException { Failure: ChunkStoreFailure.Gone } => "gone",
            ChunkStoreException => "permanent",
            IntegrityException => "damaged",
            OperationCanceledException => "cancelled",
            _ => "failed",
        };
}
