using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TgVault.Functions.Ingest;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace TgVault.Functions.Http;

/// <summary>Managing videos. The vault's own API key is asked for by the routes, alike in every host; so the host asks for none.</summary>
public sealed class ManagingFunctions(BoundClient client)
{
    [Function(nameof(CreateUpload))]
    public Task<IResult> CreateUpload([HttpTrigger(Anonymous, "post", Route = "api/uploads")] HttpRequest request) =>
        request.AnswerAsync(nameof(CreateUpload));

    [Function(nameof(RenewUpload))]
    public Task<IResult> RenewUpload([HttpTrigger(Anonymous, "post", Route = "api/uploads/{id}/renew")] HttpRequest request) =>
        request.AnswerAsync(nameof(RenewUpload));

    [Function(nameof(ListVideos))]
    public Task<IResult> ListVideos([HttpTrigger(Anonymous, "get", Route = "api/videos")] HttpRequest request) =>
        request.AnswerAsync(nameof(ListVideos));

    [Function(nameof(ShowVideo))]
    public Task<IResult> ShowVideo([HttpTrigger(Anonymous, "get", Route = "api/videos/{id}")] HttpRequest request) =>
        request.AnswerAsync(nameof(ShowVideo));

    [Function(nameof(ChangeVideo))]
    public Task<IResult> ChangeVideo(
        [HttpTrigger(Anonymous, "patch", Route = "api/videos/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable
    ) => client.UseAsync(durable, () => request.AnswerAsync(nameof(ChangeVideo)));

    [Function(nameof(RemoveVideo))]
    public Task<IResult> RemoveVideo(
        [HttpTrigger(Anonymous, "delete", Route = "api/videos/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable
    ) => client.UseAsync(durable, () => request.AnswerAsync(nameof(RemoveVideo)));

    [Function(nameof(RetryVideo))]
    public Task<IResult> RetryVideo(
        [HttpTrigger(Anonymous, "post", Route = "api/videos/{id}/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient durable
    ) => client.UseAsync(durable, () => request.AnswerAsync(nameof(RetryVideo)));

    [Function(nameof(FollowVideo))]
    public Task<IResult> FollowVideo([HttpTrigger(Anonymous, "get", Route = "api/videos/{id}/events")] HttpRequest request) =>
        request.AnswerAsync(nameof(FollowVideo));

    [Function(nameof(LinkVideo))]
    public Task<IResult> LinkVideo([HttpTrigger(Anonymous, "post", Route = "api/videos/{id}/links")] HttpRequest request) =>
        request.AnswerAsync(nameof(LinkVideo));

    [Function(nameof(PutCaptions))]
    public Task<IResult> PutCaptions(
        [HttpTrigger(Anonymous, "put", Route = "api/videos/{id}/captions/{language}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable
    ) => client.UseAsync(durable, () => request.AnswerAsync(nameof(PutCaptions)));

    [Function(nameof(RemoveCaptions))]
    public Task<IResult> RemoveCaptions(
        [HttpTrigger(Anonymous, "delete", Route = "api/videos/{id}/captions/{language}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable
    ) => client.UseAsync(durable, () => request.AnswerAsync(nameof(RemoveCaptions)));
}
