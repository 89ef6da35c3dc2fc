using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging.Folder;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Staging;

/// <summary>
/// Where an upload URL of a vault on one machine leads: the vault's own port answers as blob storage does. Where staging is in Azure, there
/// is nothing here.
/// </summary>
internal sealed class StagingRoutes(
    ILibrary library,
    VaultSettings settings,
    StorageTrouble trouble,
    UploadUrls? urls = null,
    FolderUploads? uploads = null
)
{
    /// <summary>Put Blob, Put Block and Put Block List, and a browser's question whether it may.</summary>
    public async Task<IResult> PutUpload(HttpContext context)
    {
        if (uploads is null)
            return TypedResults.NotFound();
        if (StagingCors.IsPreflight(context.Request))
            return StagingCors.Preflight(context, settings.Uploads.Origins);
        BodyLimits.Lift(context);
        if (Refuse(context) is { } refused)
            return refused;
        if (!HttpMethods.IsPut(context.Request.Method))
            return BlobError.NotPermitted;
        if (VideoId.TryParse(NameOf(context)) is not { } id || await library.FindAsync(id, context.RequestAborted) is not { } video)
            return BlobError.NoSuchUpload;
        if (video.Life.Status == VideoStatus.Deleting)
            return BlobError.NoSuchUpload;
        var isTakenUp = video.Life.Status is not (VideoStatus.Waiting or VideoStatus.Failed);
        try
        {
            return await BlobRequest.AnswerAsync(
                context.Request,
                uploads,
                new UploadTarget(NameOf(context), video.Upload.SizeBytes, isTakenUp),
                context.RequestAborted
            );
        }
        catch (UploadRefusedException exception)
        {
            if (exception.Refusal == UploadRefusal.DiskFull)
                trouble.Say(exception.Message);
            return BlobError.Of(exception);
        }
    }

    /// <summary>Everything that an upload URL does not permit.</summary>
    public Task<IResult> RefuseOthers(HttpContext context) =>
        Task.FromResult(uploads is null ? TypedResults.NotFound() : Refuse(context) ?? BlobError.NotPermitted);

    /// <summary>Null where the URL is good. Without a signature there is nothing here to be told of.</summary>
    IResult? Refuse(HttpContext context)
    {
        var query = context.Request.Query;
        if (!query.ContainsKey("sig"))
            return TypedResults.NotFound();
        BlobAnswer.Begin(context);
        StagingCors.Allow(context, settings.Uploads.Origins);
        return urls!.Check(NameOf(context), new UploadUrlQuery(One("sv"), One("se"), One("sr"), One("sp"), One("si"), One("sig"))) switch
        {
            UploadUrlStatus.Valid => null,
            UploadUrlStatus.Expired => BlobError.Expired,
            _ => BlobError.NotSigned,
        };

        string? One(string name) => query[name] is [var value] ? value : null;
    }

    static string NameOf(HttpContext context) => context.GetRouteValue("name") as string ?? "";
}
