using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Playback;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Streams;

/// <summary>HLS, DASH and one fragmented file, packaged on request from the chunks of a stored MP4.</summary>
internal sealed class AdaptiveRoutes(StreamOpening opening, AdaptiveFiles files, VaultSettings settings, ILogger<AdaptiveRoutes> log)
{
    static readonly ImmutableArray<LinkKind> Hls = [LinkKind.Hls];
    static readonly ImmutableArray<LinkKind> Dash = [LinkKind.Dash];
    static readonly ImmutableArray<LinkKind> Mp4 = [LinkKind.Mp4];

    // Both kinds of players read the same segments.
    static readonly ImmutableArray<LinkKind> Segments = [LinkKind.Hls, LinkKind.Dash];

    // The playlist of what there is to choose from.
    public Task<IResult> StreamHls(HttpContext context) => AnswerAsync(context, Hls, "playing by HLS", files.FindHlsAsync);

    public Task<IResult> StreamDash(HttpContext context) => AnswerAsync(context, Dash, "playing by DASH", files.FindDashAsync);

    // One track's playlists, init segment, segments and pictures.
    public Task<IResult> StreamSegment(HttpContext context) =>
        AnswerAsync(
            context,
            Segments,
            "playing by HLS or DASH",
            (video, token) => files.FindOfTrackAsync(video, ValueOf(context, "track"), ValueOf(context, "file"), token)
        );

    // The same of another size.
    public Task<IResult> StreamRendition(HttpContext context) =>
        AnswerAsync(
            context,
            Segments,
            "playing by HLS or DASH",
            (video, token) =>
                files.FindOfRenditionAsync(video, ValueOf(context, "rendition"), ValueOf(context, "track"), ValueOf(context, "file"), token)
        );

    // One language's playlist and segments, and all of it on the segments' timeline.
    public Task<IResult> StreamCaptions(HttpContext context) =>
        AnswerAsync(
            context,
            Segments,
            "playing by HLS or DASH",
            (video, token) => files.FindCaptionsAsync(video, ValueOf(context, "language"), ValueOf(context, "file"), token)
        );

    // They belong to the video, however it is played.
    public Task<IResult> StreamChapters(HttpContext context) =>
        AnswerAsync(
            context,
            [.. Enum.GetValues<LinkKind>()],
            "chapters",
            (video, _) => Task.FromResult(AdaptiveFiles.FindChapters(video)),
            missing: "This video has no chapters."
        );

    // All tracks as one file.
    public Task<IResult> StreamFragmented(HttpContext context) =>
        AnswerAsync(context, Mp4, "the video file itself", files.FindFragmentedAsync, settings.Playback.WindowBytes);

    async Task<IResult> AnswerAsync(
        HttpContext context,
        ImmutableArray<LinkKind> kinds,
        string what,
        Func<Video, CancellationToken, Task<AdaptiveFile?>> find,
        long windowBytes = 0,
        string missing = "This video has no such playlist or segment."
    )
    {
        var link = StreamOpening.LinkOf(context);
        var found = await opening.FindAsync(context, link.Video, link, kinds, what);
        if (found.IsRefused)
            return found.Problem;
        var video = found.Row;
        if (video.Files.Prepared?.Media is null || video.Inspection.Decision?.Action == MediaAction.KeepAsFile)
            return Problem.NotPlayable("This is kept as a file to download; there is nothing in it to play by HLS or DASH.");
        try
        {
            return await find(video, context.RequestAborted) is { } file
                ? new ByteResult(file.Content, video, file.ContentType, file.Edition, log) { WindowBytes = windowBytes, Cost = file.Cost }
                : new Problem(StatusCodes.Status404NotFound, missing);
        }
        catch (MediaException exception)
        {
            return Problem.NotPlayable($"This video plays only as its file, not by HLS or DASH: {exception.Message}");
        }
    }

    static string ValueOf(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";
}
