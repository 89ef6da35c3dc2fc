using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using TgVault.Core.Chunks;
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
    public static TableEntity Write(Video video)
    {
        var row = new TableEntity(video.Id.ToString(), RowKey) { ["SizeBytes"] = video.SizeBytes, ["Attempt"] = video.Attempt };
        var textBytes = 0L;
        Put("Name", video.Name);
        Put("ContentType", video.ContentType);
        Put("Folder", video.Folder);
        Put("Tags", JsonSerializer.Serialize(video.Tags, Json.ImmutableArrayString));
        Put("Description", video.Description);
        Put("Status", video.Status.ToString());
        Put("Stage", video.Stage.ToString());
        Put("Updated", video.Updated.ToString("O", CultureInfo.InvariantCulture));
        PutJson("Source", video.Source, Json.StagedBlob);
        PutJson("Decision", video.Decision, Json.MediaDecision);
        PutJson("Inspected", video.Inspected, Json.MediaSummary);
        PutJson("Prepared", video.Prepared, Json.PreparedFile);
        Put("Chunks", video.Chunks?.ToString());
        PutJson("Key", video.Key, Json.WrappedKey);
        PutJson("Progress", video.Progress, Json.IngestProgress);
        Put("Failure", video.Failure);
        PutJson("Manifest", video.Manifest, Json.ChunkReceipt);
        if (video.Companions.Length > 0)
            Put("Companions", JsonSerializer.Serialize(video.Companions, Json.ImmutableArrayCompanion));
        if (video.LastCompanion > 0)
            row["LastCompanion"] = video.LastCompanion;
        if (video.IsManifestStale)
            row["IsManifestStale"] = true;
        if (video.FormerManifests.Length > 0)
            Put("FormerManifests", JsonSerializer.Serialize(video.FormerManifests, Json.ImmutableArrayChunkReceipt));
        return textBytes <= MostTextBytes
            ? row
            : throw new VaultException(
                $"The record of video {video.Id} is too large for its table row ({textBytes} bytes of text, at most {MostTextBytes}): shorten its description or tags."
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

    /// <exception cref="VaultException">The row was not written by <see cref="Write"/>.</exception>
    public static Video Read(TableEntity row)
    {
        try
        {
            return new Video
            {
                Id = VideoId.Parse(row.PartitionKey),
                RowVersion = row.ETag.ToString(),
                Name = Text("Name") ?? "",
                SizeBytes = row.GetInt64("SizeBytes") ?? 0,
                ContentType = Text("ContentType") ?? "",
                Folder = Text("Folder") ?? "",
                Tags = Text("Tags") is { } tags ? JsonSerializer.Deserialize(tags, Json.ImmutableArrayString) : [],
                Description = Text("Description") ?? "",
                Status = Enum.Parse<VideoStatus>(Text("Status") ?? ""),
                Stage = Enum.Parse<IngestStage>(Text("Stage") ?? ""),
                Updated = DateTimeOffset.Parse(Text("Updated") ?? "", CultureInfo.InvariantCulture),
                Source = FromJson("Source", Json.StagedBlob),
                Attempt = row.GetInt32("Attempt") ?? 0,
                Decision = FromJson("Decision", Json.MediaDecision),
                Inspected = FromJson("Inspected", Json.MediaSummary),
                Prepared = FromJson("Prepared", Json.PreparedFile),
                Chunks = Text("Chunks") is { } plan
                    ? ChunkPlan.TryParse(plan) ?? throw new FormatException("Chunks is no chunk plan.")
                    : null,
                Key = FromJson("Key", Json.WrappedKey),
                Progress = FromJson("Progress", Json.IngestProgress),
                Failure = Text("Failure"),
                Manifest = FromJson("Manifest", Json.ChunkReceipt),
                Companions = Text("Companions") is { } companions
                    ? JsonSerializer.Deserialize(companions, Json.ImmutableArrayCompanion)
                    : [],
                LastCompanion = row.GetInt32("LastCompanion") ?? 0,
                IsManifestStale = row.GetBoolean("IsManifestStale") ?? false,
                FormerManifests = Text("FormerManifests") is { } former
                    ? JsonSerializer.Deserialize(former, Json.ImmutableArrayChunkReceipt)
                    : [],
            };
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            throw new VaultException(
                $"The row of video {row.PartitionKey} cannot be read: it was not written by this vault, or by a newer one.",
                exception
            );
        }

        T? FromJson<T>(string name, JsonTypeInfo<T> type)
            where T : class => Text(name) is { } json ? JsonSerializer.Deserialize(json, type) : null;

        string? Text(string name)
        {
            if (row.GetString(name) is not { } first)
                return null;
            if (row.GetString(Part(name, 1)) is null)
                return first;
            var whole = new StringBuilder(first);
            for (var part = 1; row.GetString(Part(name, part)) is { } more; part++)
                whole.Append(more);
            return whole.ToString();
        }
    }

    static string Part(string name, int part) => part == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{part}");
}
