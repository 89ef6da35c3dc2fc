using System.Collections.Immutable;
using System.ComponentModel;
using TgVault.Core.Playback;
using TgVault.Core.Videos;

namespace TgVault.Web.Videos;

/// <summary>The picture that stands for a video. Addresses are below the vault's, and change with the picture.</summary>
internal sealed record PosterView(
    [Description("Of the newest one: while it is being stored, the one before is shown.")] CompanionStatus Status,
    [Description("The largest size; absent where there is none to show.")] string? Url,
    [Description("From small to large.")] ImmutableArray<PictureSizeView> Sizes,
    [Description("Whether a person chose it.")] bool Chosen,
    [Description("Why there is none.")] string? Failure
)
{
    /// <summary>Null where no attempt was made to make one.</summary>
    public static PosterView? Of(Video video)
    {
        var newest = Newest(video, CompanionKind.Poster);
        if (newest is null && !video.Files.WantsPictures)
            return null;
        var sizes = PictureAddresses.SizesOf(video, $"api/videos/{video.Id}/pictures/");
        return new PosterView(
            StatusOf(video, newest),
            sizes.IsEmpty ? null : sizes[^1].Url,
            sizes,
            newest is { Name.Length: > 0 },
            newest?.Failure
        );
    }

    internal static CompanionStatus StatusOf(Video video, Companion? newest) =>
        newest is null || video.Files.WantsPictures ? CompanionStatus.Waiting : CompanionStatuses.Of(newest.State);

    internal static Companion? Newest(Video video, CompanionKind kind) =>
        video
            .Files.Companions.Where(companion => companion.Kind == kind && companion.State != CompanionState.Leaving)
            .MaxBy(companion => companion.Number);
}

/// <summary>A picture in one size.</summary>
internal sealed record PictureSizeView(string Url, [Description("In pixels.")] int Width, int Height);

/// <summary>Small pictures of the whole video, for previews: WebVTT, whose cues name parts of sheets.</summary>
internal sealed record StoryboardView(
    CompanionStatus Status,
    [Description("Absent where there is none.")] string? Url,
    [Description("Why there is none.")] string? Failure
)
{
    /// <summary>Null where no attempt was made to make one.</summary>
    public static StoryboardView? Of(Video video)
    {
        var newest = PosterView.Newest(video, CompanionKind.Storyboard);
        return newest is null && !video.Files.WantsPictures
            ? null
            : new StoryboardView(
                PosterView.StatusOf(video, newest),
                PictureAddresses.StoryboardOf(video, $"api/videos/{video.Id}/pictures/"),
                newest?.Failure
            );
    }
}

/// <summary>Where a video's pictures are, below what begins their addresses; each names its edition, so it may be kept for ever.</summary>
internal static class PictureAddresses
{
    public static ImmutableArray<PictureSizeView> SizesOf(Video video, string start)
    {
        if (PictureReader.PosterOf(video) is not { Media: { } media } poster)
            return [];
        return
        [
            .. PictureReader
                .SizesOf(poster)
                .Zip(
                    media.Tracks,
                    (name, size) => new PictureSizeView($"{start}{name}{EditionOf(video, poster)}", size.Width, size.Height)
                ),
        ];
    }

    public static string? StoryboardOf(Video video, string start) =>
        PictureReader.StoryboardOf(video) is { } storyboard ? $"{start}{PictureReader.StoryboardName}{EditionOf(video, storyboard)}" : null;

    static string EditionOf(Video video, Companion companion) =>
        $"?{PictureReader.EditionParameter}={PictureReader.EditionOf(video, companion)}";
}
