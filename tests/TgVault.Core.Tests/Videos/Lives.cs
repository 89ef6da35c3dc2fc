using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Videos;

/// <summary>Videos that stand where a test says, with all that a video has who stands there.</summary>
static class Lives
{
    public static readonly DateTimeOffset Then = new(2029, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly ChunkReceipt Manifest = new(1, 2, 3, "file", "unique", 100);

    public static readonly VideoWait Wait = new(WaitCause.FloodWait, Then, Then.AddSeconds(12), "Telegram asks to wait.");

    static readonly StagedBlob Source = new(StagingArea.Uploads, "upload", "\"1\"", 77, Then);

    static readonly ChunkPlan Plan = ChunkSizes.Plan(77, 65536);

    static readonly WrappedKey Key = new(1, new byte[40]);

    /// <summary>Every (status, stage) that a video can be in.</summary>
    public static IEnumerable<(VideoStatus Status, IngestStage Stage)> All =>
        Enum.GetValues<VideoStatus>().SelectMany(status => Enum.GetValues<IngestStage>().Select(stage => (status, stage))).Where(CanOccur);

    public static Video Video(VideoStatus status, IngestStage stage)
    {
        var isPlanned = stage >= IngestStage.Sending;
        return new Video
        {
            Id = VideoId.New(Then),
            Details = new VideoDetails { Name = "film.mp4" },
            Upload = new VideoUpload
            {
                SizeBytes = 77,
                Source = stage == IngestStage.None ? null : Source,
                Sha256 = isPlanned ? new string('7', 64) : null,
            },
            Life = VideoLife.Restored(
                status,
                stage,
                stage == IngestStage.None ? 0 : 1,
                stage is IngestStage.Sending or IngestStage.Verifying ? Progress(3) : null,
                status == VideoStatus.Failed ? "because" : null,
                status == VideoStatus.Trashed ? Then.AddDays(7) : null,
                status == VideoStatus.Ingesting ? Wait : null
            ),
            Inspection = new VideoInspection { Decision = new MediaDecision(MediaAction.KeepAsFile, "It is kept.") },
            Files = isPlanned
                ? new VideoFiles
                {
                    Prepared = new PreparedFile
                    {
                        Extents = [new Extent(Source, 0, 77)],
                        LengthBytes = 77,
                        ContentType = "video/mp4",
                    },
                    Plan = Plan,
                    Key = status == VideoStatus.Deleting ? null : Key,
                }
                : new VideoFiles(),
            Manifests = new VideoManifests { Newest = stage >= IngestStage.Committing ? Manifest : null },
            Updated = Then,
        };
    }

    public static IngestProgress Progress(int chunksDone) =>
        new()
        {
            Started = Then,
            Updated = Then,
            ChunksDone = chunksDone,
            ChunksTotal = 7,
            BytesDone = chunksDone,
            BytesTotal = 7,
        };

    static bool CanOccur((VideoStatus Status, IngestStage Stage) at) =>
        at.Status switch
        {
            // Announced, or a retry of what failed.
            VideoStatus.Waiting => at.Stage <= IngestStage.Committing,
            VideoStatus.Ingesting or VideoStatus.Failed => at.Stage is >= IngestStage.Inspecting and <= IngestStage.Committing,
            VideoStatus.Ready or VideoStatus.Trashed => at.Stage is IngestStage.CleaningUp or IngestStage.Done,
            _ => true,
        };
}
