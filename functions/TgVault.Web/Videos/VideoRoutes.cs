using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>Looking at, changing and removing videos.</summary>
internal sealed class VideoRoutes(ILibrary library, VideoEdits edits, VideoWaits waits)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Of a SHA-256 in hex.</summary>
    public const int Sha256Digits = 64;

    const int AtOnce = 8;

    public async Task<IResult> ListVideos(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (
            query.ContainsKey("limit")
            && (!int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit)
        )
            return new Problem(StatusCodes.Status400BadRequest, $"limit must be a whole number from 1 to {MaxLimit}.");
        VideoStatus? status = null;
        if (Given("status") is { } word && !TryParse(word, out status))
            return new Problem(StatusCodes.Status400BadRequest, $"status must be one of {string.Join(", ", Statuses)}.");
        var order = VideoOrder.Newest;
        var given = Given("order");
        if (given is not null && !Orders.TryGetValue(given, out order))
            return new Problem(StatusCodes.Status400BadRequest, $"order must be one of {string.Join(", ", Orders.Keys)}.");
        var below = Given("below");
        if (below is not (null or "true" or "false"))
            return new Problem(StatusCodes.Status400BadRequest, "below must be true or false.");
        // Nothing but spaces is nothing typed yet.
        var search = Given("search") is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        if (search?.Length > VideoQuery.MostSearchCharacters)
            return new Problem(StatusCodes.Status400BadRequest, $"search must be at most {VideoQuery.MostSearchCharacters} characters.");
        var size = 0L;
        if (Given("size") is { } bytes && (!long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size < 1))
            return new Problem(StatusCodes.Status400BadRequest, "size must be a whole number from 1.");
        var sha256 = Given("sha256")?.ToLowerInvariant();
        if (sha256 is not null && (sha256.Length != Sha256Digits || !sha256.All(char.IsAsciiHexDigit)))
            return new Problem(StatusCodes.Status400BadRequest, $"sha256 must be {Sha256Digits} hex digits.");
        var wanted = new VideoQuery(Given("folder"), Given("tag"), limit, Given("continuation"))
        {
            Below = below == "true",
            Order = order,
            Status = status,
            Search = search,
            SizeBytes = size > 0 ? size : null,
            Sha256 = sha256,
        };
        if (order != VideoOrder.Newest && !wanted.FitsOrders)
            return new Problem(
                StatusCodes.Status400BadRequest,
                $"In the order {given} a list can be narrowed by folder and tag only: leave out what else narrows it, or the order."
            );
        try
        {
            var page = await library.ListAsync(wanted, context.RequestAborted);
            return VaultJson.Answer(new VideoPageView(await ViewsOf(page.Videos, context.RequestAborted), page.Continuation));
        }
        catch (FormatException)
        {
            return new Problem(StatusCodes.Status400BadRequest, "continuation is not one that this list gave.");
        }

        string? Given(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    public async Task<IResult> ShowVideo(HttpContext context) =>
        IdOf(context) is { } id && await library.FindAsync(id, context.RequestAborted) is { } video
            ? new VideoResult(video)
            : Problem.NoSuchVideo;

    public async Task<IResult> ChangeVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync<VideoChange>(context);
        if (body is null)
            return problem!;
        var name = body.Text("name", VideoFields.MaxNameSent, isRaw: true);
        if (name is not null && VideoName.TryClean(name) is null)
            body.Refuse("name", "must have something to show");
        // Checked before the first read of the row, so that a bad request costs no storage.
        _ = VideoFields.Apply(body, new VideoDetails { Name = "" });
        if (body.Problem is { } wrong)
            return wrong;
        var (changed, refusal) = await edits.ChangeAsync(
            id,
            video => VideoTag.Refuse(context, video),
            details => VideoFields.Apply(body, details) with { Name = name is null ? details.Name : VideoName.Clean(name) },
            context.RequestAborted
        );
        return refusal ?? (changed is null ? Problem.NoSuchVideo : (IResult)new VideoResult(changed));
    }

    public async Task<IResult> RemoveVideo(HttpContext context)
    {
        var permanent = context.Request.Query["permanent"].ToString();
        if (permanent is not ("" or "true" or "false"))
            return new Problem(StatusCodes.Status400BadRequest, "permanent must be true or false.");
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var (removed, refusal) = await edits.RemoveAsync(
            id,
            permanent == "true",
            video => VideoTag.Refuse(context, video),
            context.RequestAborted
        );
        return refusal ?? (removed is null ? Problem.NoSuchVideo : (IResult)new VideoResult(removed, StatusOf(removed)));
    }

    public async Task<IResult> RestoreVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var (video, refusal) = await edits.RestoreAsync(id, current => VideoTag.Refuse(context, current), context.RequestAborted);
        if (refusal is not null || video is null)
            return refusal ?? Problem.NoSuchVideo;
        return video.Life.Status == VideoStatus.Ready
            ? new VideoResult(video)
            : new Problem(
                StatusCodes.Status409Conflict,
                $"Only a video in the trash can be restored; this one is {Word(video.Life.Status)}."
            )
            {
                Code = ProblemCode.NotInTrash,
            };
    }

    /// <summary>What a removal is answered with: what is in the trash is there, and the rest goes in the background.</summary>
    public static int StatusOf(Video removed) =>
        removed.Life.Status == VideoStatus.Trashed ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;

    public async Task<IResult> RetryVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var (video, refusal) = await edits.RetryAsync(id, current => VideoTag.Refuse(context, current), context.RequestAborted);
        return refusal ?? (video is null ? Problem.NoSuchVideo : (IResult)new VideoResult(video, StatusCodes.Status202Accepted));
    }

    /// <summary>The words for <see cref="VideoStatus"/> in requests, as in answers.</summary>
    public static IEnumerable<string> Statuses => Enum.GetNames<VideoStatus>().Select(JsonNamingPolicy.CamelCase.ConvertName);

    /// <summary>The words for <see cref="VideoOrder"/> in requests.</summary>
    public static ImmutableSortedDictionary<string, VideoOrder> Orders { get; } =
        Enum.GetValues<VideoOrder>()
            .ToImmutableSortedDictionary(order => JsonNamingPolicy.CamelCase.ConvertName(order.ToString()), order => order);

    static bool TryParse(string word, out VideoStatus? status)
    {
        status = Statuses.Contains(word, StringComparer.Ordinal) ? Enum.Parse<VideoStatus>(word, ignoreCase: true) : null;
        return status is not null;
    }

    // Of most videos nothing has to be asked.
    async Task<IReadOnlyList<VideoView>> ViewsOf(IReadOnlyList<Video> videos, CancellationToken cancellationToken)
    {
        var views = new VideoView[videos.Count];
        await Parallel.ForAsync(
            0,
            views.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => views[i] = VideoView.Of(videos[i], await waits.FindAsync(videos[i], token))
        );
        return views;
    }

    static VideoId? IdOf(HttpContext context) => VideoId.TryParse(context.GetRouteValue("id") as string);

    /// <summary>A status in a sentence.</summary>
    public static string Word(VideoStatus status) =>
        status switch
        {
            VideoStatus.Waiting => "waiting",
            VideoStatus.Ingesting => "being ingested",
            VideoStatus.Ready => "ready",
            VideoStatus.Failed => "failed",
            VideoStatus.Trashed => "in the trash",
            _ => "being removed",
        };
}
