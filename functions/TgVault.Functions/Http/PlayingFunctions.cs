using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace TgVault.Functions.Http;

/// <summary>Playing videos, by link or API key.</summary>
public sealed class PlayingFunctions
{
    [Function(nameof(StreamVideo))]
    public Task<IResult> StreamVideo(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/video.mp4")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamVideo));

    [Function(nameof(StreamText))]
    public Task<IResult> StreamText(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/captions/{file}")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamText));

    [Function(nameof(StreamHls))]
    public Task<IResult> StreamHls(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/hls/master.m3u8")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamHls));

    [Function(nameof(StreamSegment))]
    public Task<IResult> StreamSegment(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/hls/{track}/{file}")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamSegment));

    [Function(nameof(StreamCaptions))]
    public Task<IResult> StreamCaptions(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/hls/captions/{language}/{file}")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamCaptions));

    [Function(nameof(StreamRendition))]
    public Task<IResult> StreamRendition(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/hls/{rendition}/{track}/{file}")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamRendition));

    [Function(nameof(StreamDash))]
    public Task<IResult> StreamDash(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/dash/manifest.mpd")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamDash));

    [Function(nameof(StreamFragmented))]
    public Task<IResult> StreamFragmented(
        [HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/fragmented.mp4")] HttpRequest request
    ) => request.AnswerAsync(nameof(StreamFragmented));

    [Function(nameof(StreamFile))]
    public Task<IResult> StreamFile([HttpTrigger(Anonymous, "get", "head", "options", Route = "api/stream")] HttpRequest request) =>
        request.AnswerAsync(nameof(StreamFile));
}
