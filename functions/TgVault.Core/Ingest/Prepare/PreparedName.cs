using System.Security.Cryptography;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// What prepared blobs are called. All of a video begin with its id, so that what nothing names any more, after a crash or a failure in
/// between, is found and removed too.
/// </summary>
static class PreparedName
{
    /// <summary>What every prepared blob of a video begins with.</summary>
    public static string Start(VideoId video) => $"{video}/";

    /// <summary>
    /// What preparing makes. Never the same twice: activities may run twice at once, and the one that is late must not replace what the
    /// other recorded.
    /// </summary>
    public static string Of(IngestRun run, string part) =>
        $"{Start(run.Video)}{run.Attempt}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}-{part}";

    /// <summary>
    /// A companion that is added to a ready video. The number is the video's next, so this is never the same twice either.
    /// </summary>
    public static string OfAdded(VideoId video, int number) => $"{AddedStart(video)}{number}";

    /// <summary>
    /// Whether it waits to be stored, or does so in a moment when the row is told: cleaning up after an ingest leaves it.
    /// </summary>
    public static bool IsAdded(VideoId video, StagedBlob blob) => blob.Name.StartsWith(AddedStart(video), StringComparison.Ordinal);

    static string AddedStart(VideoId video) => $"{Start(video)}added/";
}
