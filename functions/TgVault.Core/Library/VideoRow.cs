using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>
/// A video as a table row: plain values as columns, nested records as JSON. A text longer than one property holds goes on in further
/// properties (<c>Inspected</c>, <c>Inspected_1</c>, ...); a row longer than the table's 1 MiB is refused with a message that says so.
/// </summary>
static class VideoRow
{
    public const string RowKey = "video";

    // A property holds 64 KiB of UTF-16, an entity 1 MiB with names and types; some is left for those and for the columns of fixed size.
    const int PropertyCharacters = 32 * 1024;
    const int MostTextBytes = (1 << 20) - (16 << 10);

    static VideoRowJson Json => VideoRowJson.Default;

    /// <exception cref="VaultException">The video holds more text than a row can.</exception>
    public static Row Write(Video video)
    {
        var row = new Row(video.Id.ToString(), RowKey) { ["SizeBytes"] = video.Upload.SizeBytes, ["Attempt"] = video.Life.Attempt };
        var textBytes = 0L;
        Put("Name", video.Details.Name);
        Put("ContentType", video.Upload.ContentType);
        Put("Folder", video.Details.Folder);
        Put("Tags", JsonSerializer.Serialize(video.Details.Tags, Json.ImmutableArrayString));
        Put("Description", video.Details.Description);
        Put("Status", video.Life.Status.ToString());
        Put("Stage", video.Life.Stage.ToString());
        Put("Updated", video.Updated.ToString("O", CultureInfo.InvariantCulture));
        Put("Finished", video.Finished?.ToString("O", CultureInfo.InvariantCulture));
        PutJson("Source", video.Upload.Source, Json.StagedBlob);
        Put("Sha256", video.Upload.Sha256);
        PutJson("Decision", video.Inspection.Decision, Json.MediaDecision);
        PutJson("Inspected", video.Inspection.Media, Json.MediaSummary);
        PutJson("Prepared", video.Files.Prepared, Json.PreparedFile);
        Put("Chunks", video.Files.Plan?.ToString());
        PutJson("Key", video.Files.Key, Json.WrappedKey);
        PutJson("Progress", video.Life.Progress, Json.IngestProgress);
        Put("Failure", video.Life.Failure);
        PutJson("Waiting", video.Life.Waiting, Json.VideoWait);
        Put("TrashedUntil", video.Life.TrashedUntil?.ToString("O", CultureInfo.InvariantCulture));
        PutJson("Manifest", video.Manifests.Newest, Json.ChunkReceipt);
        if (video.LinkEpoch > 0)
            row["LinkEpoch"] = video.LinkEpoch;
        if (video.Files.Companions.Length > 0)
            Put("Companions", JsonSerializer.Serialize(video.Files.Companions, Json.ImmutableArrayCompanion));
        if (video.Files.LastCompanion > 0)
            row["LastCompanion"] = video.Files.LastCompanion;
        if (video.Files.WantsPictures)
            row["WantsPictures"] = true;
        if (video.Files.WantsUpload)
            row["WantsUpload"] = true;
        if (video.Manifests.IsStale)
            row["IsManifestStale"] = true;
        if (video.Manifests.Former.Length > 0)
            Put("FormerManifests", JsonSerializer.Serialize(video.Manifests.Former, Json.ImmutableArrayChunkReceipt));
        if (video.Untold.Length > 0)
            Put("Untold", JsonSerializer.Serialize(video.Untold, Json.ImmutableArrayLifeEvent));
        return textBytes <= MostTextBytes
            ? row
            : throw new VaultException(
                $"The record of video {video.Id} is too large for its table row ({textBytes} bytes of text, at most {MostTextBytes}): "
                    + "shorten its description or tags."
            );

        void PutJson<T>(string name, T? value, JsonTypeInfo<T> type)
            where T : class
        {
            if (value is not null)
                Put(name, JsonSerializer.Serialize(value, type));
        }

        void Put(string name, string? value)
        {
            if (value is null)
                return;
            textBytes += 2L * value.Length;
            if (textBytes > MostTextBytes)
                return;
            for (var part = 0; part == 0 || part * PropertyCharacters < value.Length; part++)
                row[Part(name, part)] = value.Substring(
                    part * PropertyCharacters,
                    Math.Min(PropertyCharacters, value.Length - (part * PropertyCharacters))
                );
        }
    }

    /// <summary>The columns that <see cref="IsIngesting"/> needs.</summary>
    public static string[] LifeColumns { get; } = ["Status", "Attempt"];

    public static bool IsIngesting(Row row, int attempt) =>
        row.Text("Status") == nameof(VideoStatus.Ingesting) && row.Int32("Attempt") == attempt;

    /// <summary>The columns that <see cref="StoredBytes"/> needs: companions are never so many that they need more than four.</summary>
    public static string[] SizeColumns { get; } = ["Chunks", "Companions", "Companions_1", "Companions_2", "Companions_3"];

    /// <summary>Bytes of the prepared file and the companions that are stored.</summary>
    public static long StoredBytes(Row row)
    {
        var prepared = Text(row, "Chunks") is { } plan ? ChunkPlan.TryParse(plan)?.LengthBytes ?? 0 : 0;
        var companions = Text(row, "Companions") is { } json ? JsonSerializer.Deserialize(json, Json.ImmutableArrayCompanion) : [];
        return prepared + companions.Where(companion => companion.State == CompanionState.Stored).Sum(companion => companion.LengthBytes);
    }

    /// <exception cref="VaultException">The row was not written by <see cref="Write"/>.</exception>
    public static Video Read(Row row)
    {
        try
        {
            return new Video
            {
                Id = VideoId.Parse(row.Partition),
                RowVersion = row.Version,
                Details = ReadDetails(row),
                Upload = new VideoUpload
                {
                    SizeBytes = row.Int64("SizeBytes") ?? 0,
                    ContentType = Text("ContentType") ?? "",
                    Source = FromJson("Source", Json.StagedBlob),
                    Sha256 = Text("Sha256"),
                },
                Life = VideoLife.Restored(
                    Enum.Parse<VideoStatus>(Text("Status") ?? ""),
                    Enum.Parse<IngestStage>(Text("Stage") ?? ""),
                    row.Int32("Attempt") ?? 0,
                    FromJson("Progress", Json.IngestProgress),
                    Text("Failure"),
                    Text("TrashedUntil") is { } until ? DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) : null,
                    FromJson("Waiting", Json.VideoWait)
                ),
                LinkEpoch = row.Int32("LinkEpoch") ?? 0,
                Untold = ListFromJson("Untold", Json.ImmutableArrayLifeEvent),
                Updated = DateTimeOffset.Parse(Text("Updated") ?? "", CultureInfo.InvariantCulture),
                Finished = Text("Finished") is { } finished ? DateTimeOffset.Parse(finished, CultureInfo.InvariantCulture) : null,
                Inspection = new VideoInspection
                {
                    Decision = FromJson("Decision", Json.MediaDecision),
                    Media = FromJson("Inspected", Json.MediaSummary),
                },
                Files = new VideoFiles
                {
                    Prepared = FromJson("Prepared", Json.PreparedFile),
                    Plan = Text("Chunks") is { } plan
                        ? ChunkPlan.TryParse(plan) ?? throw new FormatException("Chunks is no chunk plan.")
                        : null,
                    Key = FromJson("Key", Json.WrappedKey),
                    Companions = ListFromJson("Companions", Json.ImmutableArrayCompanion),
                    LastCompanion = row.Int32("LastCompanion") ?? 0,
                    WantsPictures = row.Boolean("WantsPictures") ?? false,
                    WantsUpload = row.Boolean("WantsUpload") ?? false,
                },
                Manifests = new VideoManifests
                {
                    Newest = FromJson("Manifest", Json.ChunkReceipt),
                    IsStale = row.Boolean("IsManifestStale") ?? false,
                    Former = ListFromJson("FormerManifests", Json.ImmutableArrayChunkReceipt),
                },
            };
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            throw new VaultException(
                $"The row of video {row.Partition} cannot be read: it was not written by this vault, or by a newer one.",
                exception
            );
        }

        T? FromJson<T>(string name, JsonTypeInfo<T> type)
            where T : class => Text(name) is { } json ? JsonSerializer.Deserialize(json, type) : null;

        ImmutableArray<T> ListFromJson<T>(string name, JsonTypeInfo<ImmutableArray<T>> type) =>
            Text(name) is { } json ? JsonSerializer.Deserialize(json, type) : [];

        string? Text(string name) => VideoRow.Text(row, name);
    }

    /// <summary>What a person says about the video, without the rest of the row.</summary>
    public static VideoDetails ReadDetails(Row row) =>
        new()
        {
            Name = Text(row, "Name") ?? "",
            Folder = Text(row, "Folder") ?? "",
            Tags = Text(row, "Tags") is { } tags ? JsonSerializer.Deserialize(tags, Json.ImmutableArrayString) : [],
            Description = Text(row, "Description") ?? "",
        };

    static string? Text(Row row, string name)
    {
        if (row.Text(name) is not { } first)
            return null;
        if (row.Text(Part(name, 1)) is null)
            return first;
        var whole = new StringBuilder(first);
        for (var part = 1; row.Text(Part(name, part)) is { } more; part++)
            whole.Append(more);
        return whole.ToString();
    }

    static string Part(string name, int part) => part == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{part}");
}
