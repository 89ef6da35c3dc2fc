using TgVault.Core.Videos;

namespace TgVault.Web.Videos;

/// <summary>What a person may say about a video when uploading and change later.</summary>
internal static class VideoFields
{
    public const int MaxFolder = 200;
    public const int MaxTags = 32;
    public const int MaxTag = 64;
    public const int MaxDescription = 4000;

    /// <summary>The video with the folder, tags and description that the body has; what it does not have stays. Faults go to the body.</summary>
    public static Video Apply(JsonBody body, Video video)
    {
        var folder = body.Text("folder", MaxFolder);
        if (folder is not null && JsonBody.HasControl(folder))
            body.Refuse("folder", "must be of one line");
        return video with
        {
            Folder = folder ?? video.Folder,
            Tags = body.Texts("tags", MaxTags, MaxTag) is { } tags ? [.. tags] : video.Tags,
            Description = body.Text("description", MaxDescription) ?? video.Description,
        };
    }
}
