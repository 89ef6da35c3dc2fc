using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core;
using TgVault.Core.Captioning;
using TgVault.Core.Engine;
using TgVault.Core.Library;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>Captions of ready videos: put and removed.</summary>
internal sealed class CaptionRoutes(ILibrary library, ICompanionWishes wishes, IIngestScheduler scheduler, ILogger<CaptionRoutes> log)
{
    public const int MaxName = 200;

    public async Task<IResult> PutCaptions(HttpContext context)
    {
        if (
            VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id
            || await library.FindAsync(id, context.RequestAborted) is not { } video
        )
            return Problem.NoSuchVideo;
        if (LanguageOf(context) is not { } language)
            return NoLanguage;
        var name = context.Request.Query["name"].ToString().Trim();
        if (name.Length > MaxName || JsonBody.HasControl(name))
            return new Problem(StatusCodes.Status400BadRequest, $"name must be of one line and of at most {MaxName} characters.");
        var condition = new VideoCondition(context);
        if (condition.Refuse(video) is { } changed)
            return changed;
        if (Problem.WhyFixed(video) is { } why)
            return why;
        if (video.Life.Status != VideoStatus.Ready)
            return Problem.NotReady("Captions can be added once the video is ready.");
        if (video.Inspection.Decision?.Action == MediaAction.KeepAsFile || video.Files.Prepared?.Media is null)
            return Problem.NotPlayable("This is kept as a file to download; there is nothing in it to show captions with.");
        var (text, problem) = await ReadAsync(context);
        if (text is null)
            return problem!;

        using var content = new MemoryStream(text, writable: false);
        Companion? added;
        try
        {
            added = await wishes.AddAsync(id, Describe(video, language, name), content, condition.Allows, context.RequestAborted);
        }
        catch (VaultException exception) when (exception is not (ChunkStoreException or IntegrityException or StorageException))
        {
            return new Problem(StatusCodes.Status409Conflict, exception.Message);
        }

        if (added is null)
            return condition.Refusal ?? Problem.BeingRemoved;
        log.CaptionsPut(id, language, text.Length);
        await scheduler.AmendAsync(id, context.RequestAborted);
        return VaultJson.Answer(CaptionsView.Of(added), StatusCodes.Status202Accepted);
    }

    public async Task<IResult> RemoveCaptions(HttpContext context)
    {
        if (
            VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id
            || await library.FindAsync(id, context.RequestAborted) is not { } video
        )
            return Problem.NoSuchVideo;
        if (LanguageOf(context) is not { } language)
            return NoLanguage;
        var condition = new VideoCondition(context);
        if (condition.Refuse(video) is { } isAnother)
            return isAnother;
        if (!video.Files.Companions.Any(Goes))
            return new Problem(StatusCodes.Status404NotFound, $"This video has no captions in {language}.");
        var changed = await wishes.RemoveAsync(id, Goes, condition.Allows, context.RequestAborted);
        if (condition.Refusal is { } meanwhile)
            return meanwhile;
        if (changed is not { Life.Status: VideoStatus.Ready })
            return Problem.NotReady("Captions can be removed once the video is ready.");
        log.CaptionsRemoved(id, language);
        await scheduler.AmendAsync(id, context.RequestAborted);
        return new VideoResult(changed);

        bool Goes(Companion companion) =>
            companion is { Kind: CompanionKind.Captions, State: not CompanionState.Leaving } && companion.Language == language;
    }

    static Problem NoLanguage { get; } =
        new(StatusCodes.Status400BadRequest, "The language must be a tag such as en, de-AT or zh-Hant (BCP 47).");

    static string? LanguageOf(HttpContext context) => LanguageTag.Parse(context.GetRouteValue("language") as string ?? "");

    // Without a name, new text keeps the one that its language had.
    static Companion Describe(Video video, string language, string name) =>
        new()
        {
            Kind = CompanionKind.Captions,
            Number = 0,
            Language = language,
            Name = name.Length > 0 ? name : CaptionReader.Find(video, language)?.Name ?? language,
            ContentType = CaptionText.ContentType,
        };

    /// <summary>The body as the WebVTT that is stored.</summary>
    static async Task<(byte[]? Text, Problem? Problem)> ReadAsync(HttpContext context)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var given) ? given.MediaType.Value : null;
        var isSubRip = string.Equals(type, SubRip.ContentType, StringComparison.OrdinalIgnoreCase);
        if (!isSubRip && !string.Equals(type, CaptionText.ContentType, StringComparison.OrdinalIgnoreCase))
            return (
                null,
                new Problem(
                    StatusCodes.Status415UnsupportedMediaType,
                    $"Send captions as {CaptionText.ContentType} or {SubRip.ContentType}."
                )
            );
        try
        {
            if (await BoundedBody.ReadAsync(context.Request, CaptionText.MaxBytes, context.RequestAborted) is not { } bytes)
                return (
                    null,
                    new Problem(StatusCodes.Status413PayloadTooLarge, $"Captions may have up to {CaptionText.MaxBytes >> 20} MiB.")
                );
            var text = (isSubRip ? SubRip.Read(bytes.Span) : WebVtt.Read(bytes.Span)).Write();
            return text.Length <= CaptionText.MaxBytes
                ? (text, null)
                : (
                    null,
                    new Problem(
                        StatusCodes.Status413PayloadTooLarge,
                        $"Captions may have up to {CaptionText.MaxBytes >> 20} MiB, as WebVTT too."
                    )
                );
        }
        catch (MediaException exception)
        {
            return (null, new Problem(StatusCodes.Status400BadRequest, exception.Message));
        }
    }
}
