using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http;

namespace TgVault.Web.Streams;

/// <summary>HLS, DASH and one fragmented file, packaged on request from the chunks of a stored MP4.</summary>
internal sealed class AdaptiveRoutes(
    StreamOpening opening,
    IndexCache indexes,
    CaptionReader captions,
    RenditionReader renditions,
    OpenVideos reader,
    VaultSettings settings,
    ILogger<AdaptiveRoutes> log
)
{
    const string SegmentsFromMpd = "../hls/";

    static readonly ImmutableArray<LinkKind> Hls = [LinkKind.Hls];
    static readonly ImmutableArray<LinkKind> Dash = [LinkKind.Dash];
    static readonly ImmutableArray<LinkKind> Mp4 = [LinkKind.Mp4];

    // Both kinds of players read the same segments.
    static readonly ImmutableArray<LinkKind> Segments = [LinkKind.Hls, LinkKind.Dash];

    // The playlist of what there is to choose from.
    public Task<IResult> StreamHls(HttpContext context) =>
        AnswerAsync(
            context,
            Hls,
            "playing by HLS",
            async (video, source) =>
                Text(
                    MultivariantPlaylist.Write(
                        await renditions.ListAsync(source.Video, video, context.RequestAborted),
                        CaptionsOf(source.Video)
                    ),
                    MultivariantPlaylist.ContentType
                ) with
                {
                    Edition = EditionOf(source.Video),
                }
        );

    // One track's playlists, init segment, segments and pictures.
    public Task<IResult> StreamSegment(HttpContext context) =>
        AnswerAsync(
            context,
            Segments,
            "playing by HLS or DASH",
            (video, source) =>
                SegmentNames.TrackOf(ValueOf(context, "track")) is { } track && track < video.Index.Tracks.Length
                    ? Find(video.Index, track, ValueOf(context, "file"), source)
                    : null
        );

    // The same of another size.
    public Task<IResult> StreamRendition(HttpContext context) =>
        AnswerAsync(
            context,
            Segments,
            "playing by HLS or DASH",
            async (_, source) =>
            {
                if (
                    RenditionReader.Find(source.Video, ValueOf(context, "rendition")) is not { } companion
                    || SegmentNames.TrackOf(ValueOf(context, "track")) is not 0
                )
                    return null;
                var index = (await indexes.GetAsync(source.Video, companion.Number, context.RequestAborted)).Index;
                if (await reader.OpenAsync(source.Video.Id, companion.Number, context.RequestAborted) is not { } stream)
                    return null;
                Found? found = null;
                try
                {
                    found = Find(index, 0, ValueOf(context, "file"), stream);
                }
                finally
                {
                    if (found?.Stream is not PartStream)
                        await stream.DisposeAsync();
                }

                return found is null ? null : found with { HasSource = false, Edition = $"-{companion.Number}-{PackagedVideo.Edition}" };
            }
        );

    public Task<IResult> StreamDash(HttpContext context) =>
        AnswerAsync(
            context,
            Dash,
            "playing by DASH",
            async (video, source) =>
                Text(
                    Mpd.Write(
                        await renditions.ListAsync(source.Video, video, context.RequestAborted),
                        CaptionsOf(source.Video),
                        SegmentsFromMpd
                    ),
                    Mpd.ContentType
                ) with
                {
                    Edition = EditionOf(source.Video),
                }
        );

    // One language's playlist and segments, and all of it on the segments' timeline.
    public Task<IResult> StreamCaptions(HttpContext context) =>
        AnswerAsync(
            context,
            Segments,
            "playing by HLS or DASH",
            async (video, source) =>
            {
                var file = ValueOf(context, "file");
                if (CaptionReader.Find(source.Video, ValueOf(context, "language")) is not { } companion)
                    return null;
                if (file == CaptionNames.Playlist)
                    return Text(MediaPlaylist.WriteCaptions(video.Index), MultivariantPlaylist.ContentType);
                if (await captions.ReadAsync(source.Video, companion, context.RequestAborted) is not { } text)
                    return null;
                var bytes =
                    file == CaptionNames.Whole ? CaptionSegments.Whole(video.Index, text)
                    : CaptionNames.SegmentOf(file) is { } number ? CaptionSegments.Find(video.Index, text, number)
                    : null;
                return bytes is null
                    ? null
                    : new Found(new MemoryStream(bytes, writable: false), CaptionTextRoutes.ContentType)
                    {
                        Edition = $"-{companion.Number}-{PackagedVideo.Edition}",
                    };
            }
        );

    // All tracks as one file.
    public Task<IResult> StreamFragmented(HttpContext context) =>
        AnswerAsync(
            context,
            Mp4,
            "the video file itself",
            (video, source) =>
                new Found(PartStream.Of(video.Fragmented, source), TypeOf(video.Index, 0))
                {
                    HasSource = true,
                    WindowBytes = settings.Playback.WindowBytes,
                }
        );

    Task<IResult> AnswerAsync(
        HttpContext context,
        ImmutableArray<LinkKind> kinds,
        string what,
        Func<PackagedVideo, VideoStream, Found?> find
    ) => AnswerAsync(context, kinds, what, (video, source) => Task.FromResult(find(video, source)));

    async Task<IResult> AnswerAsync(
        HttpContext context,
        ImmutableArray<LinkKind> kinds,
        string what,
        Func<PackagedVideo, VideoStream, Task<Found?>> find
    )
    {
        var link = StreamOpening.LinkOf(context);
        var opened = await opening.OpenAsync(context, link.Video, link, kinds, what);
        if (opened.IsRefused)
            return opened.Problem;
        var source = opened.Stream;
        Found? found = null;
        try
        {
            var video = source.Video;
            if (video.Files.Prepared?.Media is null || video.Inspection.Decision?.Action == MediaAction.KeepAsFile)
                return new Problem(
                    StatusCodes.Status409Conflict,
                    "This is kept as a file to download; there is nothing in it to play by HLS or DASH."
                );
            found = await find(await indexes.GetAsync(video, context.RequestAborted), source);
            if (found is null)
                return new Problem(StatusCodes.Status404NotFound, "This video has no such playlist or segment.");
            return new ByteResult(found.Stream, video, found.ContentType, found.Edition, log)
            {
                WindowBytes = found.WindowBytes,
                Expect = end =>
                {
                    if (found.Stream is PartStream part)
                        part.ReadEnd = end;
                },
            };
        }
        catch (MediaException exception)
        {
            return new Problem(
                StatusCodes.Status409Conflict,
                $"This video plays only as its file, not by HLS or DASH: {exception.Message}"
            );
        }
        finally
        {
            if (found is not { HasSource: true })
                await source.DisposeAsync();
        }
    }

    static Found? Find(Mp4Index index, int track, string file, VideoStream source) =>
        file switch
        {
            SegmentNames.Playlist => Text(MediaPlaylist.Write(index, track), MultivariantPlaylist.ContentType),
            SegmentNames.PicturePlaylist when track == 0 && index.Tracks[0].Kind == MediaTrackKind.Video => Text(
                MediaPlaylist.WritePictures(index),
                MultivariantPlaylist.ContentType
            ),
            SegmentNames.Init => new Found(new MemoryStream(InitSegment.Write(index, track), writable: false), TypeOf(index, track)),
            _ => Part(index, track, file) is { } part
                ? new Found(PartStream.Of(part, source), TypeOf(index, track)) { HasSource = true }
                : null,
        };

    static MediaPart? Part(Mp4Index index, int track, string file)
    {
        if (SegmentNames.SegmentOf(file) is { } segment)
            return MediaSegment.Find(index, track, segment);
        return SegmentNames.PictureOf(file) is { } picture ? MediaSegment.FindPicture(index, track, picture) : null;
    }

    static Found Text(string text, string contentType) => new(new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false), contentType);

    static string TypeOf(Mp4Index index, int track) => index.Tracks[track].Kind == MediaTrackKind.Video ? "video/mp4" : "audio/mp4";

    static string ValueOf(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";

    static ImmutableArray<CaptionTrack> CaptionsOf(Video video) =>
        [
            .. CaptionReader
                .PlayableOf(video)
                .Select(companion => new CaptionTrack(
                    companion.Language,
                    companion.Name,
                    CaptionNames.Folder(companion.Language) + CaptionNames.Playlist,
                    SegmentsFromMpd + CaptionNames.Folder(companion.Language) + CaptionNames.Whole
                )),
        ];

    // Which captions and renditions there are changes what playlists say.
    static string EditionOf(Video video) =>
        string.Concat(RenditionReader.StoredOf(video).Concat(CaptionReader.PlayableOf(video)).Select(companion => $"-{companion.Number}"))
        + $"-{PackagedVideo.Edition}";

    sealed record Found(Stream Stream, string ContentType)
    {
        public long WindowBytes { get; init; }

        /// <summary>Whether the stream disposes the video's.</summary>
        public bool HasSource { get; init; }

        /// <summary>What the validator says besides video and attempt.</summary>
        public string Edition { get; init; } = $"-{PackagedVideo.Edition}";
    }
}
