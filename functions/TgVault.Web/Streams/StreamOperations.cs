using System.Collections.Immutable;
using TgVault.Core.Captioning;
using TgVault.Core.Playback;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Streams;

/// <summary>What the API's description says of playing. The ranges and conditions of all of them are one thing.</summary>
internal static class StreamOperations
{
    const string Segments = "The video is not ready, or it is not an MP4 that can be cut into segments; the detail says why.";
    const string SomeAreLeft =
        "The range. An open-ended one (`bytes=n-`) may be answered with less than all that is left: ask for the rest.";

    static readonly Parameter Download = new("download", "1 = as an attachment.")
    {
        Schema = new() { ["type"] = "string", ["enum"] = new System.Text.Json.Nodes.JsonArray("1") },
    };

    static readonly Parameter File = new(
        "file",
        "media.m3u8, pictures.m3u8, init.mp4, a segment ({n}.m4s), or a segment's first picture (p{n}.m4s)."
    );

    internal static Parameter Picture { get; } =
        new(
            "picture",
            "poster.jpg, poster-320.jpg, poster-640.jpg or poster-1280.jpg (the next size there is); storyboard.vtt, or a sheet that it "
                + "names (storyboard-{n}.jpg)."
        );

    internal static Parameter Edition { get; } = new("edition", "As the video's addresses have it: the answer may then be kept for ever.");

    public static Operation StreamVideo { get; } =
        Of("The video's bytes, by link", "The whole file.", ["video/mp4"], range: SomeAreLeft, hasName: true) with
        {
            Parameters = [Download],
        };

    public static Operation StreamFile { get; } =
        Of("The video's bytes, by id", "The whole file.", ["video/mp4"], range: SomeAreLeft, hasName: true) with
        {
            Parameters = [new("file_id", "The video's id.", IsRequired: true) { Type = typeof(Core.VideoId) }, Download],
        };

    public static Operation StreamHls { get; } =
        Of(
            "HLS: the multivariant playlist, by link",
            "The playlist; what it names is relative to it.",
            [AdaptiveFile.HlsType],
            notReady: Segments
        );

    public static Operation StreamSegment { get; } =
        Of(
            "HLS and DASH: a track's playlist, init segment or segment, by link",
            "The playlist or segment.",
            [AdaptiveFile.HlsType, "video/mp4", "audio/mp4"],
            "There is no such video, playlist or segment.",
            Segments
        ) with
        {
            Parameters = [new("track", "A track's number, as the playlists and the MPD name it."), File],
        };

    public static Operation StreamRendition { get; } =
        Of(
            "HLS and DASH: a rendition's playlist, init segment or segment, by link",
            "The playlist or segment.",
            [AdaptiveFile.HlsType, "video/mp4", "audio/mp4"],
            "There is no such video, playlist or segment.",
            Segments
        ) with
        {
            Parameters =
            [
                new("rendition", "A smaller size of the video, as the playlists and the MPD name it, such as 720p."),
                new("track", "0: a rendition has pictures only."),
                File,
            ],
        };

    public static Operation StreamDash { get; } =
        Of("DASH: the MPD, by link", "The MPD; its segments are those of HLS.", [AdaptiveFile.DashType], notReady: Segments);

    public static Operation StreamFragmented { get; } =
        Of(
            "The video as one fragmented MP4, by link",
            "The whole file.",
            ["video/mp4", "audio/mp4"],
            notReady: Segments,
            range: SomeAreLeft
        );

    public static Operation StreamCaptions { get; } =
        Of(
            "HLS and DASH: captions in one language, by link",
            "The playlist or text.",
            [AdaptiveFile.HlsType, CaptionText.ContentType],
            "There is no such video, or it has no such captions.",
            Segments
        ) with
        {
            Parameters = [new("file", "media.m3u8, a segment ({n}.vtt), or text.vtt: all of it on the timeline of the segments.")],
        };

    public static Operation StreamText { get; } =
        Of(
            "Captions in one language as WebVTT, by link",
            "The text.",
            [CaptionText.ContentType],
            "There is no such video, or it has no such captions.",
            "The video is not ready."
        ) with
        {
            Parameters = [new("file", "{language}.vtt.")],
        };

    public static Operation StreamPicture { get; } =
        Of(
            "The poster or a part of the storyboard, by link",
            "The picture, or the text.",
            ["image/jpeg", CaptionText.ContentType],
            "There is no such video, or it has no such picture.",
            "The video is not ready."
        ) with
        {
            Parameters = [Picture, Edition],
        };

    public static Operation StreamChapters { get; } =
        Of(
            "The upload's chapters as WebVTT, by link",
            "The text, for a track of kind `chapters`.",
            [CaptionText.ContentType],
            "There is no such video, or it has no chapters.",
            "The video is not ready, or it is kept as a file to download."
        );

    static Operation Of(
        string summary,
        string whole,
        ImmutableArray<string> types,
        string missing = "There is no such video.",
        string notReady = "The video is not ready; the detail says why.",
        string range = "The range.",
        bool hasName = false
    )
    {
        ImmutableArray<(string, string)> headers =
        [
            ("Accept-Ranges", ""),
            ("ETag", "Strong; the same on every instance."),
            ("Last-Modified", ""),
        ];
        if (hasName)
            headers = headers.Add(("Content-Disposition", "Inline for media, attachment for other files; carries the real name."));
        return new Operation(summary)
        {
            Answers =
            [
                Answer.Of(200, whole, types) with
                {
                    Headers = headers,
                },
                Answer.Of(206, range, types) with
                {
                    Headers = headers.Add(("Content-Range", "")),
                },
                new Answer(304, "The client has this file already."),
                Answer.Problem(404, missing, ProblemCode.NoSuchVideo, ProblemCode.NotFound),
                Answer.Problem(409, notReady, ProblemCode.NotReady, ProblemCode.NotPlayable, ProblemCode.IngestFailed),
                Answer.Problem(412, "The file is not the one that the conditions name."),
                Answer.Problem(416, "The file ends before the range begins."),
                Answer.Problem(429, "Much more was fetched for this link than it was asked for in bytes; no player gets here.") with
                {
                    Headers = [("Retry-After", "In how many seconds asking again can help.")],
                },
            ],
        };
    }
}
