using System.Collections.Immutable;
using System.ComponentModel;
using TgVault.Core.Videos;

namespace TgVault.Web.Videos;

/// <summary>Captions in one language: waiting until they are stored, stored, or failed.</summary>
internal sealed record CaptionsView(
    [Description("A language tag (BCP 47). A second text of an upload in one language ends in -x-2.")] string Language,
    [Description("What players show.")] string Name,
    [Description("Stored ones play.")] CompanionStatus Status,
    [Description("Bytes of the WebVTT text.")] long Size,
    [Description("Why there are none.")] string? Failure
)
{
    /// <summary>Of each language what came last.</summary>
    public static ImmutableArray<CaptionsView> AllOf(Video video) =>
        [
            .. video
                .Files.Companions.Where(companion => companion.Kind == CompanionKind.Captions && companion.State != CompanionState.Leaving)
                .GroupBy(companion => companion.Language, StringComparer.Ordinal)
                .Select(same => Of(same.MaxBy(companion => companion.Number)!)),
        ];

    public static CaptionsView Of(Companion companion) =>
        new(companion.Language, companion.Name, CompanionStatuses.Of(companion.State), companion.LengthBytes, companion.Failure);
}

/// <summary>A smaller size to switch to: waiting until it is stored, stored, or failed.</summary>
internal sealed record RenditionView(
    [Description("Its height, such as 720p.")] string Name,
    [Description("Stored ones play.")] CompanionStatus Status,
    [Description("Bytes of the file.")] long Size,
    [Description("Why it was left out.")] string? Failure
)
{
    public static ImmutableArray<RenditionView> AllOf(Video video) =>
        [
            .. video
                .Files.Companions.Where(companion => companion.Kind == CompanionKind.Rendition && companion.State != CompanionState.Leaving)
                .Select(companion => new RenditionView(
                    companion.Name,
                    CompanionStatuses.Of(companion.State),
                    companion.LengthBytes,
                    companion.Failure
                )),
        ];
}

internal enum CompanionStatus
{
    Waiting,
    Stored,
    Failed,
}

static class CompanionStatuses
{
    public static CompanionStatus Of(CompanionState state) =>
        state switch
        {
            CompanionState.Waiting => CompanionStatus.Waiting,
            CompanionState.Stored => CompanionStatus.Stored,
            _ => CompanionStatus.Failed,
        };
}
