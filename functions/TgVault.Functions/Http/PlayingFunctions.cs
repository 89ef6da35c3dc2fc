using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace TgVault.Functions.Http;

/// <summary>Playing videos, by link or API key.</summary>
public sealed class PlayingFunctions
{
    [Function(nameof(StreamVideo))]
    public Task<IResult> StreamVideo([HttpTrigger(Anonymous, "get", "head", "options", Route = "v/{link}/video.mp4")] HttpRequest request) => request.AnswerAsync(nameof(StreamVideo));

    [Function(nameof(StreamFile))]
    public Task<IResult> StreamFile([HttpTrigger(Anonymous, "get", "head", "options", Route = "api/stream")] HttpRequest request) => request.AnswerAsync(nameof(StreamFile));
}
