using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;
using TgVault.Web.Videos;

namespace TgVault.Web.Pages;

/// <summary>What the player needs to know of a video.</summary>
internal sealed record PlayableView(
    VideoId Id,
    string Title,
    [Description("What its addresses begin with, below the vault's; a secret until it expires.")] string Base,
    [Description("When the player has to ask again.")] DateTimeOffset Expires,
    [Description("Below the base: HLS where there is something to switch, else the file itself.")] string Source,
    string ContentType,
    double Duration,
    [Description("In pixels, as shown; 0 for sound alone.")] int Width,
    int Height,
    ImmutableArray<TextView> Captions,
    [Description("Below the base; absent where there is none.")] string? Poster,
    [Description("Below the base: WebVTT that names parts of sheets; absent where there is none.")] string? Storyboard,
    [Description("The chapters as WebVTT, below the base; absent where there are none.")] string? Chapters,
    [Description("Whether the link names the sites that may show it.")] bool Limited
)
{
    /// <summary>Below the base: the file itself.</summary>
    public const string File = "video.mp4";

    /// <summary>Whether a media element plays it as it is.</summary>
    [JsonIgnore]
    public bool IsFile => Source == File;
}

/// <summary>Captions to show: below the base.</summary>
internal sealed record TextView(string Language, string Name, string Source);

/// <summary>Makes what a player is given, with a link of its own that is good for about as long as one looks at the video.</summary>
internal sealed class Playables(VideoLinks links, VaultSettings settings)
{
    static readonly TimeSpan Pauses = TimeSpan.FromHours(1);

    static readonly ImmutableArray<string> Extensions =
    [
        ".mp4",
        ".m4v",
        ".mkv",
        ".webm",
        ".mov",
        ".avi",
        ".ts",
        ".mts",
        ".m2ts",
        ".mpg",
        ".mpeg",
        ".wmv",
        ".flv",
        ".ogv",
        ".3gp",
        ".mp3",
        ".m4a",
        ".flac",
        ".ogg",
        ".opus",
        ".wav",
    ];

    /// <summary>Why the video cannot be played in a page, for a person; null where it can.</summary>
    public static string? WhyNot(Video? video) =>
        video switch
        {
            { Life.Status: VideoStatus.Ready, Inspection.Decision.Action: MediaAction.KeepAsFile }
            or { Life.Status: VideoStatus.Ready, Files.Prepared.Media: null } =>
                "This is kept as a file to download; browsers cannot play it.",
            { Life.Status: VideoStatus.Ready } => null,
            { Life.Status: VideoStatus.Waiting } => "This video has not been uploaded completely yet.",
            { Life.Status: VideoStatus.Ingesting } => "This video is still being stored. It plays as soon as that is done.",
            { Life.Status: VideoStatus.Failed } => "Storing this video failed, so there is nothing to play.",
            _ => "This video is no longer here.",
        };

    /// <summary>The same as a problem; null where it can be played.</summary>
    public static Problem? Refuse(Video? video) =>
        WhyNot(video) is not { } why
            ? null
            : new Problem(StatusCodes.Status409Conflict, why)
            {
                Code = video?.Life.Status switch
                {
                    VideoStatus.Ready => ProblemCode.NotPlayable,
                    VideoStatus.Waiting or VideoStatus.Ingesting => ProblemCode.NotReady,
                    VideoStatus.Failed => ProblemCode.IngestFailed,
                    VideoStatus.Trashed => ProblemCode.InTrash,
                    _ => ProblemCode.BeingRemoved,
                },
            };

    /// <summary>What players get of a video that can be played.</summary>
    /// <param name="partOf">The link of the page that plays it, which the player's ends with; null: the vault's own page.</param>
    public PlayableView Of(Video video, VideoLink? partOf = null)
    {
        var media = video.Files.Prepared?.Media ?? throw new InvalidOperationException("bug: there is nothing to play");
        // Who began to look may see the end, and pause in between.
        var wanted = TimeSpan.FromSeconds(media.DurationSeconds * 2) + Pauses;
        var longest = TimeSpan.FromMinutes(settings.Links.MaxLifetimeMinutes);
        if (longest > LinkRegister.KeptAfterEnd)
            longest = LinkRegister.KeptAfterEnd;
        var link = links.Mint(
            new LinkRequest(
                video.Id,
                wanted < longest ? wanted : longest,
                partOf?.Origins ?? [],
                [LinkKind.Mp4, LinkKind.Hls, LinkKind.Pictures]
            )
            {
                Epoch = partOf?.Epoch ?? video.LinkEpoch,
                PartOf = partOf?.Id,
                LinkKey = partOf?.SignedBy,
            }
        );
        var picture = media.Tracks.FirstOrDefault(track => track is { Kind: MediaTrackKind.Video, AttachedPicture: false });
        var (width, height) = picture is { Rotation: 90 or 270 }
            ? (picture.Height, picture.Width)
            : (picture?.Width ?? 0, picture?.Height ?? 0);
        var stored = video.Files.Companions.Where(companion => companion.State == CompanionState.Stored).ToList();
        return new PlayableView(
            video.Id,
            TitleOf(video),
            $"v/{link.Token}/",
            link.Expires,
            HasChoice(video, media, stored) ? "hls/master.m3u8" : PlayableView.File,
            video.Files.Prepared.ContentType,
            media.DurationSeconds,
            width,
            height,
            [
                .. stored
                    .Where(companion => companion.Kind == CompanionKind.Captions)
                    .Select(companion => new TextView(companion.Language, companion.Name, $"captions/{companion.Language}.vtt")),
            ],
            PictureAddresses.SizesOf(video, "").LastOrDefault()?.Url,
            PictureAddresses.StoryboardOf(video, ""),
            video.Inspection.Media?.Chapters is null ? null : "chapters.vtt",
            partOf?.Origins is not null
        );
    }

    /// <summary>The video's name as a title: without what only says which kind of file it was.</summary>
    public static string TitleOf(Video video)
    {
        var name = video.Details.Name;
        var extension = Path.GetExtension(name);
        return Extensions.Contains(extension.ToLowerInvariant()) && name.Length > extension.Length ? name[..^extension.Length] : name;
    }

    // A file of one size and one sound starts sooner as itself. HLS is made of MP4 only.
    static bool HasChoice(Video video, MediaSummary media, List<Companion> stored) =>
        video.Files.Prepared!.ContentType == "video/mp4"
        && (
            stored.Any(companion => companion.Kind == CompanionKind.Rendition)
            || media.Tracks.Count(track => track.Kind == MediaTrackKind.Audio) > 1
        );
}
