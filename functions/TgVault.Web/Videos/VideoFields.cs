using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core.Videos;
using TgVault.Web.Http;

namespace TgVault.Web.Videos;

/// <summary>What a person may say about a video when uploading and change later.</summary>
internal static class VideoFields
{
    /// <summary>A name is cleaned, not refused; this only bounds the cleaning.</summary>
    public const int MaxNameSent = 4096;

    public const int MaxFolder = 200;
    public const int MaxTags = 32;
    public const int MaxTag = 64;
    public const int MaxDescription = 4000;

    /// <summary>The details with what the body has of folder, tags and description; the rest stays. Faults go to the body.</summary>
    public static VideoDetails Apply(JsonBody body, VideoDetails details) =>
        details with
        {
            Folder = Folder(body) ?? details.Folder,
            Tags = body.Texts("tags", MaxTags, MaxTag) is { } tags ? [.. tags] : details.Tags,
            Description = body.Text("description", MaxDescription) ?? details.Description,
        };

    /// <summary>The body's folder; null where it has none or one at fault.</summary>
    public static string? Folder(JsonBody body)
    {
        var folder = body.Text("folder", MaxFolder);
        if (folder is not null && JsonBody.HasControl(folder))
            body.Refuse("folder", "must be of one line");
        return folder;
    }
}

/// <summary>A change of what a person says. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VideoChange(
    [MaxLength(VideoFields.MaxNameSent)] string? Name,
    [MaxLength(VideoFields.MaxFolder)] string? Folder,
    [ListOf(VideoFields.MaxTags, MaxLength = VideoFields.MaxTag)] ImmutableArray<string>? Tags,
    [MaxLength(VideoFields.MaxDescription)] string? Description
);
