using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;

namespace TgVault.Web.Links;

/// <summary>
/// Videos as a list that players open (extended M3U): a link each, which is not among those that were made for somebody, but ends with
/// its video's others.
/// </summary>
internal sealed class PlayerListRoutes(ILibrary library, VideoLinks links, OwnLinkKey own, VaultSettings settings, VaultUrls urls)
{
    const int PageSize = 200;

    public Task<IResult> ListForPlayers(HttpContext context)
    {
        var query = context.Request.Query;
        var (most, seconds) = (settings.Links.MaxLifetimeMinutes * 60L, settings.Links.DefaultLifetimeMinutes * 60L);
        if (
            query.ContainsKey("ttl")
            && (!long.TryParse(query["ttl"], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds < 1 || seconds > most)
        )
            return Task.FromResult<IResult>(
                new Problem(StatusCodes.Status400BadRequest, $"ttl must be a whole number of seconds from 1 to {most}.")
            );
        var first = new VideoQuery(Given("folder"), Given("tag"), PageSize, null) { Below = true };
        return Task.FromResult<IResult>(new PlayerList(this, first, TimeSpan.FromSeconds(seconds)));

        string? Given(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    static bool Plays(Video video) =>
        video is { Life.Status: VideoStatus.Ready, Files.Prepared.Media: not null }
        && video.Inspection.Decision?.Action != MediaAction.KeepAsFile;

    string EntryOf(Video video, string root, TimeSpan lifetime)
    {
        var token = links.Mint(new LinkRequest(video.Id, lifetime, [], [LinkKind.Mp4]) { Epoch = video.LinkEpoch }).Token;
        var seconds = video.Files.Prepared!.Media!.DurationSeconds is > 0 and var length
            ? Math.Round(length).ToString(CultureInfo.InvariantCulture)
            : "-1";
        var entry = new StringBuilder($"#EXTINF:{seconds},{Path.GetFileNameWithoutExtension(video.Details.Name)}\n");
        if (video.Details.Folder.Length > 0)
            entry.Append(CultureInfo.InvariantCulture, $"#EXTGRP:{video.Details.Folder}\n");
        return entry.Append(CultureInfo.InvariantCulture, $"{root}/v/{token}/video.mp4\n").ToString();
    }

    async Task WriteAsync(HttpContext context, VideoQuery first, TimeSpan lifetime)
    {
        var (response, ended) = (context.Response, context.RequestAborted);
        var root = urls.BaseForOthers(context.Request);
        await own.RefreshAsync(ended);
        await response.WriteAsync("#EXTM3U\n", ended);
        for (var query = first; query is not null; )
        {
            var page = await library.ListAsync(query, ended);
            foreach (var video in page.Videos.Where(Plays))
                await response.WriteAsync(EntryOf(video, root, lifetime), ended);
            query = page.Continuation is { } next ? query with { Continuation = next } : null;
        }
    }

    /// <summary>Sent while it is read: it may have every video there is.</summary>
    sealed class PlayerList(PlayerListRoutes routes, VideoQuery first, TimeSpan lifetime) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.ContentType = "application/vnd.apple.mpegurl; charset=utf-8";
            // It has permissions in it.
            headers.CacheControl = "no-store";
            headers.XContentTypeOptions = "nosniff";
            return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : routes.WriteAsync(httpContext, first, lifetime);
        }
    }
}
