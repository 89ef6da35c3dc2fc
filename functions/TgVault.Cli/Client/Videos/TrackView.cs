using System.Globalization;
using System.Text.Json;

namespace TgVault.Cli.Client.Videos;

/// <summary>One track of an upload as the vault told of it.</summary>
sealed class TrackView(JsonElement json)
{
    /// <summary>One line: what it is, and what was done with it.</summary>
    public string Line =>
        string.Join(
            ", ",
            new[]
            {
                $"{VideoView.Text(json, "kind")} {(Codec.Length > 0 ? Codec : "in no codec that is known")}",
                Language,
                VideoView.Text(json, "title"),
                Size,
                Channels,
                VideoView.Text(json, "colour"),
                Treatment,
            }.Where(part => part.Length > 0)
        );

    /// <summary>video, audio, subtitle or other.</summary>
    public string Kind => VideoView.Text(json, "kind");

    /// <summary>Its language as the file tells it, its channels behind it; empty where neither is known.</summary>
    public string Sound => string.Join(' ', new[] { Language, Channels }.Where(part => part.Length > 0));

    /// <summary>A language tag; empty where none is told.</summary>
    public string Language => VideoView.Text(json, "language") is "und" ? "" : VideoView.Text(json, "language");

    /// <summary>1920x1080; empty for what is no moving picture.</summary>
    public string PictureSize => Kind == "video" && !IsCover ? Size : "";

    bool IsCover => json.TryGetProperty("attachedPicture", out var cover) && cover.ValueKind == JsonValueKind.True;

    string Codec => VideoView.Text(json, "codec") is { Length: > 0 } codec ? codec : VideoView.Text(json, "tag");

    string Size => Number("width") is > 0 and var width ? string.Create(CultureInfo.InvariantCulture, $"{width}x{Number("height")}") : "";

    string Channels =>
        VideoView.Text(json, "channelLayout") is { Length: > 0 } layout ? layout
        : Number("channels") is > 0 and var channels ? string.Create(CultureInfo.InvariantCulture, $"{channels} channels")
        : "";

    // Absent where the upload is only kept.
    string Treatment
    {
        get
        {
            if (!json.TryGetProperty("treatment", out var treatment) || treatment.ValueKind != JsonValueKind.Object)
                return "";
            var why = VideoView.Text(treatment, "why");
            var done = VideoView.Text(treatment, "action") switch
            {
                "copy" => "copied",
                "retag" => "tagged hvc1",
                "leaveOut" => "left out",
                "transcode" => VideoView.Text(treatment, "layout") is { Length: > 0 } layout ? $"transcoded ({layout})" : "transcoded",
                var other => other,
            };
            return why.Length > 0 ? $"{done}: {why}" : done;
        }
    }

    long Number(string name) => VideoView.Number(json, name);
}
