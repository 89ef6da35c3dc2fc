using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
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
            var (video, refusal) = await edits.ChangeAsync(
                id,
                Always,
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
                _ when refusal is not null => Refused(text, refusal),
                _ when isOverfull => Refused(text, Overfull),
                _ => new EditView(text, StatusCodes.Status200OK, VideoView.Of(video), null, null),
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
            (await edits.RemoveAsync(id, isPermanent, Always, cancellationToken)).Video is { } video
                ? new EditView(text, VideoRoutes.StatusOf(video), VideoView.Of(video), null, null)
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

    static Problem Overfull { get; } = new(StatusCodes.Status409Conflict, $"It would have more than {VideoFields.MaxTags} tags.");

    static EditView NotThere(string id) => Refused(id, Problem.NoSuchVideo);

    static EditView Refused(string id, Problem why) => new(id, why.Status, null, why.Code, why.Detail);

    // Each is named by its id alone, whichever state it is in.
    static Problem? Always(Video video) => null;
}
