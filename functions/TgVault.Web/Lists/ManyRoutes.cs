using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using TgVault.Core;
using TgVault.Web.Http;
using TgVault.Web.Videos;

namespace TgVault.Web.Lists;

/// <summary>Changing and removing many videos in one request.</summary>
internal sealed class ManyRoutes(VideoEdits edits)
{
    const int AtOnce = 8;

    public async Task<IResult> ChangeVideos(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<VideosChange>(context);
        if (body is null)
            return problem!;
        var ids = Ids(body);
        var folder = VideoFields.Folder(body);
        var added = body.Texts("addTags", VideoFields.MaxTags, VideoFields.MaxTag) ?? [];
        var removed = body.Texts("removeTags", VideoFields.MaxTags, VideoFields.MaxTag) ?? [];
        if (!body.Has("folder") && !body.Has("addTags") && !body.Has("removeTags"))
            body.Refuse("folder", "or addTags or removeTags has to say what to change");
        return body.Problem is { } wrong ? wrong : await EachAsync(ids, ChangeAsync, context.RequestAborted);

        async Task<EditView> ChangeAsync(string text, VideoId id, CancellationToken cancellationToken)
        {
            var isOverfull = false;
            var video = await edits.ChangeAsync(
                id,
                details =>
                {
                    var tags = details.Tags.Except(removed, StringComparer.Ordinal).Union(added, StringComparer.Ordinal).ToImmutableArray();
                    isOverfull = tags.Length > VideoFields.MaxTags;
                    return isOverfull ? details : details with { Folder = folder ?? details.Folder, Tags = tags };
                },
                cancellationToken
            );
            return video switch
            {
                null => NotThere(text),
                _ when Problem.WhyFixed(video) is { } why => Refused(text, why.Detail),
                _ when isOverfull => Refused(text, $"It would have more than {VideoFields.MaxTags} tags."),
                _ => new EditView(text, StatusCodes.Status200OK, VideoView.Of(video), null),
            };
        }
    }

    public async Task<IResult> RemoveVideos(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<VideosRemoval>(context);
        if (body is null)
            return problem!;
        var ids = Ids(body);
        var isPermanent = body.Flag("permanent");
        return body.Problem is { } wrong ? wrong : await EachAsync(ids, RemoveAsync, context.RequestAborted);

        async Task<EditView> RemoveAsync(string text, VideoId id, CancellationToken cancellationToken) =>
            await edits.RemoveAsync(id, isPermanent, cancellationToken) is { } video
                ? new EditView(text, VideoRoutes.StatusOf(video), VideoView.Of(video), null)
                : NotThere(text);
    }

    static IReadOnlyList<string> Ids(JsonBody body)
    {
        var ids = body.Texts("ids", VideosChange.MaxIds, VideoId.TextLength);
        if (ids is { Count: 0 } || !body.Has("ids"))
            body.Refuse("ids", "has to name the videos");
        return ids ?? [];
    }

    static async Task<IResult> EachAsync(
        IReadOnlyList<string> ids,
        Func<string, VideoId, CancellationToken, Task<EditView>> edit,
        CancellationToken cancellationToken
    )
    {
        var results = new EditView[ids.Count];
        await Parallel.ForAsync(
            0,
            ids.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => results[i] = VideoId.TryParse(ids[i]) is { } id ? await edit(ids[i], id, token) : NotThere(ids[i])
        );
        return VaultJson.Answer(new EditsView([.. results]));
    }

    static EditView NotThere(string id) => new(id, StatusCodes.Status404NotFound, null, Problem.NoSuchVideo.Detail);

    static EditView Refused(string id, string why) => new(id, StatusCodes.Status409Conflict, null, why);
}
