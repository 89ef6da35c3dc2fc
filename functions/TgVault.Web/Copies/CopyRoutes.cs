using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Replicas.Copies;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Copies;

/// <summary>What is to be looked at. Names the request's fields and their limits.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewCopyCheck(
    [Description("Whether all bytes of every copy are read, past every cache, and opened; else the header of each.")] bool? Whole,
    [Description("Whether nothing is mended.")] bool? LookOnly,
    [Description("Where the answer before said to go on.")] [Range(0, int.MaxValue)] int? From,
    [Description("Only chunks of this part of all, from 1; with `of`.")] [Range(1, ChunkShare.Most)] int? Part,
    [Description("How many parts there are.")] [Range(1, ChunkShare.Most)] int? Of,
    [Description("Only what a look before found lost in a channel.")] bool? SuspectsOnly
);

/// <summary>How the catalogue is to be looked at.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewCatalogueCheck([Description("Whether nothing is mended.")] bool? LookOnly);

/// <summary>Looking at the copies of what is stored.</summary>
internal sealed class CopyRoutes(ICopyChecks checks, ICatalogueChecks catalogue, IIngestScheduler scheduler)
{
    /// <summary>Looks at the catalogue.</summary>
    public async Task<IResult> CheckCatalogue(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewCatalogueCheck>(context);
        if (body is null)
            return problem!;
        var mends = !body.Flag("lookOnly");
        if (body.Problem is { } wrong)
            return wrong;
        return VaultJson.Answer(CopyReportView.Of(await catalogue.RunAsync(mends, context.RequestAborted)));
    }

    /// <summary>Looks at some of a video's chunks, and says where to go on.</summary>
    public async Task<IResult> CheckCopies(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync<NewCopyCheck>(context);
        if (body is null)
            return problem!;
        var (part, of) = (body.Number("part", 1, ChunkShare.Most), body.Number("of", 1, ChunkShare.Most));
        if (part is null != of is null || part > of)
            body.Refuse("part", "goes with of, and is no more than it");
        var request = new CopyRequest
        {
            Depth = body.Flag("whole") ? CopyDepth.Whole : CopyDepth.Header,
            Mends = !body.Flag("lookOnly"),
            From = (int)(body.Number("from", 0, int.MaxValue) ?? 0),
            OnlySuspects = body.Flag("suspectsOnly"),
            Share = part is { } one && of is { } all ? new ChunkShare((int)one, (int)all) : null,
        };
        if (body.Problem is { } wrong)
            return wrong;
        if (await checks.RunAsync(id, request, context.RequestAborted) is not { } report)
            return new Problem(StatusCodes.Status409Conflict, "There is no such video, or it is not stored.");
        // What was posted anew is named by a new manifest.
        if (report.Places[0].Mended > 0)
            await scheduler.AmendAsync(id, context.RequestAborted);
        return VaultJson.Answer(CopyReportView.Of(report));
    }
}
