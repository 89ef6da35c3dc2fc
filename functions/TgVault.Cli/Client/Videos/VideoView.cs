using System.Text.Json;

namespace TgVault.Cli.Client.Videos;

/// <summary>A video as the vault told it; <see cref="Json"/> is the whole answer, for --json.
/// What is missing there reads as empty.</summary>
sealed class VideoView(JsonElement json)
{
    public JsonElement Json { get; } = json.Clone();

    public string Id => Text("id");

    public string Name => Text("name");

    public string Folder => Text("folder");

    public string ContentType => Text("contentType");

    public string Description => Text("description");

    /// <summary>waiting, ingesting, ready, failed, trashed or deleting.</summary>
    public string Status => Text("status");

    public string Stage => Text("stage");

    /// <summary>take, relocate, remux or keepAsFile; empty before the file was inspected.</summary>
    public string Decision => Text("decision");

    /// <summary>Why ingest does with the file what it does.</summary>
    public string Reason => Text("reason");

    /// <summary>What went wrong and what to do.</summary>
    public string Failure => Text("failure");

    /// <summary>Until when it can be brought back from the trash, as the API writes it; empty where it is not there.</summary>
    public string TrashedUntil => Text("trashedUntil");

    public long SizeBytes => Number(Json, "size");

    /// <summary>Of the uploaded file, in lower-case hex; empty where nobody knows it.</summary>
    public string Sha256 => Text("sha256");

    /// <summary>As the API writes it.</summary>
    public string Created => Text("created");

    /// <summary>When all of it was stored, likewise; empty where that is not known.</summary>
    public string Finished => Text("finished");

    /// <summary>Of the file that plays; 0 before it is there.</summary>
    public long StoredBytes => Number(Json, "storedSize");

    /// <summary>0 where it is not known, or the file has none.</summary>
    public double DurationSeconds => Media is { } media ? Real(media, "durationSeconds") ?? 0 : 0;

    /// <summary>The tracks of what plays, or of the upload as long as there is nothing else.</summary>
    public IEnumerable<TrackView> PlayedTracks => Media is { } media ? List(media, "tracks").Select(track => new TrackView(track)) : [];

    /// <summary>How long storing will still take; null where nobody knows.</summary>
    public double? SecondsLeft => Progress is { } progress ? Real(progress, "etaSeconds") : null;

    public double? BytesPerSecond => Progress is { } progress ? Real(progress, "bytesPerSecond") : null;

    /// <summary>What it waits for; null where it goes on, or there is nothing more to do.</summary>
    public WaitingView? Waiting =>
        Json.TryGetProperty("waiting", out var waiting) && waiting.ValueKind == JsonValueKind.Object ? new WaitingView(waiting) : null;

    /// <summary>Where it stands, in a word, and how far it is while it is sent.</summary>
    public string State =>
        Waiting is { } waiting ? waiting.Brief
        : Status != "ingesting" ? Status
        : BytesTotal > 0 && Stage == "sending" ? $"storing {100 * Math.Min(BytesDone, BytesTotal) / BytesTotal}%"
        : Stage.Length > 0 ? Stage
        : Status;

    /// <summary>The smaller sizes it was encoded at; with the reason, where one could not be made.</summary>
    public IEnumerable<string> Renditions =>
        List("renditions")
            .Select(rendition =>
                Text(rendition, "status") switch
                {
                    "stored" => Text(rendition, "name"),
                    "failed" => $"{Text(rendition, "name")} (failed: {Text(rendition, "failure")})",
                    var status => $"{Text(rendition, "name")} ({status})",
                }
            );

    /// <summary>Whether there are moving pictures in what plays.</summary>
    public bool HasPictures =>
        Decision != "keepAsFile"
        && Json.TryGetProperty("media", out var media)
        && List(media, "tracks")
            .Any(track =>
                Text(track, "kind") == "video"
                && !(track.TryGetProperty("attachedPicture", out var cover) && cover.ValueKind == JsonValueKind.True)
            );

    /// <summary>The poster; what is missing there reads as empty.</summary>
    public PictureView Poster => PictureOf("poster");

    /// <summary>The storyboard, likewise.</summary>
    public PictureView Storyboard => PictureOf("storyboard");

    /// <summary>What the upload holds, track by track, and what was done with each.</summary>
    public IEnumerable<TrackView> Tracks =>
        Json.TryGetProperty("uploaded", out var uploaded) && uploaded.ValueKind == JsonValueKind.Object
            ? List(uploaded, "tracks").Select(track => new TrackView(track))
            : [];

    /// <summary>The chapters of the upload: when each begins, and its name.</summary>
    public IEnumerable<string> Chapters =>
        Json.TryGetProperty("uploaded", out var uploaded) && uploaded.ValueKind == JsonValueKind.Object
            ? List(uploaded, "chapters").Select(chapter => $"{Clock(chapter)} {Text(chapter, "title")}".TrimEnd())
            : [];

    static string Clock(JsonElement chapter) =>
        chapter.TryGetProperty("startSeconds", out var start) && start.TryGetDouble(out var seconds) && seconds is >= 0 and < 1e9
            ? FormattableString.Invariant($"{(int)TimeSpan.FromSeconds(seconds).TotalHours}:{TimeSpan.FromSeconds(seconds):mm\\:ss}")
            : "";

    public IEnumerable<string> Tags => List("tags").Select(tag => tag.GetString() ?? "");

    public IEnumerable<CaptionView> Captions => List("captions").Select(caption => new CaptionView(caption));

    public bool IsFinal => Status is "ready" or "failed" or "trashed";

    public long BytesDone => Progress is { } progress ? Number(progress, "bytesDone") : 0;

    public long BytesTotal => Progress is { } progress ? Number(progress, "bytesTotal") : 0;

    JsonElement? Media => Json.TryGetProperty("media", out var media) && media.ValueKind == JsonValueKind.Object ? media : null;

    JsonElement? Progress =>
        Json.TryGetProperty("progress", out var progress) && progress.ValueKind == JsonValueKind.Object ? progress : null;

    PictureView PictureOf(string name) =>
        Json.TryGetProperty(name, out var picture) && picture.ValueKind == JsonValueKind.Object
            ? new PictureView(Text(picture, "status"), Text(picture, "url"), Text(picture, "failure"))
            : new PictureView("", "", "");

    JsonElement[] List(string name) => List(Json, name);

    static JsonElement[] List(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    string Text(string name) => Text(Json, name);

    internal static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal static double? Real(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    internal static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : 0;
}

/// <summary>A poster or storyboard as the vault told of it.</summary>
/// <param name="Status">waiting, stored or failed; empty where no attempt was made to make one.</param>
/// <param name="Url">Below the vault's address; changes with the picture.</param>
/// <param name="Failure">Why there is none.</param>
sealed record PictureView(string Status, string Url, string Failure)
{
    /// <summary>In words.</summary>
    public string Told => Status is "failed" ? $"failed: {Failure}" : Status;
}

/// <summary>Captions in one language as the vault told of them.</summary>
sealed class CaptionView(JsonElement json)
{
    public JsonElement Json { get; } = json.Clone();

    public string Language => VideoView.Text(Json, "language");

    public string Name => VideoView.Text(Json, "name");

    /// <summary>waiting, stored or failed.</summary>
    public string Status => VideoView.Text(Json, "status");

    public long SizeBytes => VideoView.Number(Json, "size");

    public string Failure => VideoView.Text(Json, "failure");
}
