using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Catalogue;

/// <summary>
/// Everything needed to list and play one video again when all tables are lost (FORMAT.md, "Manifest"). Made when a video is committed;
/// sealed by <see cref="ManifestDocument"/>.
/// </summary>
sealed record Manifest
{
    public required VideoId Id { get; init; }

    public required int Attempt { get; init; }

    public required string Name { get; init; }

    /// <summary>Bytes of the upload.</summary>
    public long SizeBytes { get; init; }

    /// <summary>SHA-256 of the upload, 64 lower-case hex digits; null of what an earlier version stored.</summary>
    public string? Sha256 { get; init; }

    public required string ContentType { get; init; }

    public string Folder { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    public string Description { get; init; } = "";

    /// <summary>The epoch of its links; null where none was ever revoked so.</summary>
    public int? LinkEpoch { get; init; }

    public required DateTimeOffset Committed { get; init; }

    public MediaDecision? Decision { get; init; }

    /// <summary>What the upload held; null where it was no media.</summary>
    public MediaSummary? Inspected { get; init; }

    /// <summary>What the prepared file holds; null where it is no media.</summary>
    public MediaSummary? Media { get; init; }

    public required string PreparedContentType { get; init; }

    public required ChunkPlan Plan { get; init; }

    public required WrappedKey Key { get; init; }

    /// <summary>One per chunk of <see cref="Plan"/>, in order.</summary>
    public required ImmutableArray<ManifestChunk> Chunks { get; init; }

    /// <summary>What is stored beside the prepared file, in the order of numbers.</summary>
    public ImmutableArray<ManifestCompanion> Companions { get; init; } = [];

    public KeyBinding Binding => new(Id, Attempt, Plan.LengthBytes, Plan.ToString());

    /// <summary>With every key wrapped under the newest version of the vault key, which a manifest is sealed under.</summary>
    /// <exception cref="IntegrityException">One of them does not open.</exception>
    public Manifest WrappedAnew(KeyRing keys) =>
        this with
        {
            Key = keys.WrapAnew(Key, Binding),
            Companions = [.. Companions.Select(companion => companion with { Companion = WrappedAnew(companion.Companion, keys) })],
        };

    /// <summary>The manifest of a video whose chunks are all stored.</summary>
    /// <param name="chunks">The chunk records of the prepared file and of every companion that is stored, file after file.</param>
    /// <exception cref="InvalidOperationException">
    /// A bug: the video is not planned and prepared, or the records do not tile its plans.
    /// </exception>
    public static Manifest Of(Video video, IEnumerable<ChunkRecord> chunks, DateTimeOffset committed)
    {
        if (video is not { Files.Prepared: { } prepared, Files.Plan: { } plan, Files.Key: { } key })
            throw new InvalidOperationException($"Video {video.Id} has no plan to make a manifest of: a bug.");
        using var records = chunks.GetEnumerator();
        var stored = video.FilesOf(CompanionState.Stored).ToDictionary(file => file.Number, file => Take(file, records));
        if (!stored.TryGetValue(0, out var own) || records.MoveNext())
            throw Untiled(video.Id);
        return new Manifest
        {
            Id = video.Id,
            Attempt = video.Life.Attempt,
            Name = video.Details.Name,
            SizeBytes = video.Upload.SizeBytes,
            Sha256 = video.Upload.Sha256,
            ContentType = video.Upload.ContentType,
            Folder = video.Details.Folder,
            Tags = video.Details.Tags,
            Description = video.Details.Description,
            LinkEpoch = video.LinkEpoch > 0 ? video.LinkEpoch : null,
            Committed = committed,
            Decision = video.Inspection.Decision,
            Inspected = video.Inspection.Media,
            Media = prepared.Media,
            PreparedContentType = prepared.ContentType,
            Plan = plan,
            Key = key,
            Chunks = own,
            Companions =
            [
                .. video
                    .Files.Companions.Where(companion => companion.State == CompanionState.Stored)
                    .Select(companion => new ManifestCompanion(
                        companion with
                        {
                            Extents = [],
                        },
                        stored.GetValueOrDefault(companion.Number, [])
                    )),
            ],
        };
    }

    /// <summary>
    /// The video's row as commit would have left it. The product does not call it: it is for recovery after all tables are lost, and tests
    /// keep it right.
    /// </summary>
    /// <param name="receipt">Where this manifest lies.</param>
    public Video ToVideo(ChunkReceipt receipt) =>
        new()
        {
            Id = Id,
            Details = new VideoDetails
            {
                Name = Name,
                Folder = Folder,
                Tags = Tags,
                Description = Description,
            },
            Upload = new VideoUpload
            {
                SizeBytes = SizeBytes,
                ContentType = ContentType,
                Sha256 = Sha256,
            },
            Life = VideoLife.Recovered(Attempt),
            LinkEpoch = LinkEpoch ?? 0,
            Updated = Committed,
            Inspection = new VideoInspection { Decision = Decision, Media = Inspected },
            Files = new VideoFiles
            {
                Prepared = new PreparedFile
                {
                    Extents = [],
                    LengthBytes = Plan.LengthBytes,
                    ContentType = PreparedContentType,
                    Media = Media,
                },
                Plan = Plan,
                Key = Key,
                Companions = [.. Companions.Select(companion => companion.Companion)],
                LastCompanion = Companions.Select(companion => companion.Companion.Number).DefaultIfEmpty().Max(),
            },
            Manifests = new VideoManifests { Newest = receipt },
        };

    /// <summary>
    /// The chunk records, each with all its copies, the first of them as its receipt. Like <see cref="ToVideo"/>, for recovery only.
    /// </summary>
    public IEnumerable<ChunkRecord> ToChunkRecords() =>
        Companions.Aggregate(
            ToRecords(0, Plan, Chunks),
            (records, companion) => records.Concat(ToRecords(companion.Companion.Number, companion.Companion.Plan!, companion.Chunks))
        );

    static IEnumerable<ChunkRecord> ToRecords(int file, ChunkPlan plan, ImmutableArray<ManifestChunk> chunks) =>
        chunks.Select(
            (chunk, index) =>
                new ChunkRecord(ChunkNumber.Of(file, index), plan[index].LengthBytes, chunk.Salt, chunk.Copies[0])
                {
                    Copies = chunk.Copies[1..],
                }
        );

    Companion WrappedAnew(Companion companion, KeyRing keys) =>
        companion with
        {
            Key = keys.WrapAnew(companion.Key!, new KeyBinding(Id, Attempt, companion.LengthBytes, companion.Plan!.ToString())),
        };

    static ImmutableArray<ManifestChunk> Take(StoredFile file, IEnumerator<ChunkRecord> records)
    {
        var chunks = ImmutableArray.CreateBuilder<ManifestChunk>(file.Plan.Count);
        for (var index = 0; index < file.Plan.Count; index++)
        {
            var chunk = file[index];
            if (!records.MoveNext() || records.Current.Number != chunk.Number || records.Current.LengthBytes != chunk.Span.LengthBytes)
                throw Untiled(file.Video);
            chunks.Add(new ManifestChunk(records.Current.Salt, [records.Current.Receipt, .. records.Current.Copies]));
        }

        return chunks.MoveToImmutable();
    }

    static InvalidOperationException Untiled(VideoId video) => new($"The chunk records of video {video} do not tile its plan: a bug.");
}

/// <summary>One companion as the manifest knows it.</summary>
/// <param name="Companion">Stored, with plan and key; nothing of it is staged.</param>
/// <param name="Chunks">One per chunk of its plan, in order.</param>
sealed record ManifestCompanion(Companion Companion, ImmutableArray<ManifestChunk> Chunks);

/// <summary>One chunk as the manifest knows it: its salt, and every place where the same sealed bytes lie.</summary>
sealed record ManifestChunk(ReadOnlyMemory<byte> Salt, ImmutableArray<ChunkReceipt> Copies);
