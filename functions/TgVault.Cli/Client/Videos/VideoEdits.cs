using System.Net.Http.Headers;
using System.Text.Json;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Videos;

/// <summary>Changes of one video. What the vault refuses becomes a <see cref="CommandFailedException"/> in its own words.</summary>
static class VideoEdits
{
    /// <summary>Changes what a person says of a video; what is null stays.</summary>
    /// <returns>The video as it is now.</returns>
    public static async Task<VideoView> ChangeAsync(
        this VaultClient vault,
        string id,
        VideoWishes wishes,
        CancellationToken cancellationToken
    )
    {
        var body = new Dictionary<string, object>();
        if (wishes.Name is { } name)
            body["name"] = name;
        if (wishes.Folder is { } folder)
            body["folder"] = folder;
        if (wishes.Tags is { } tags)
            body["tags"] = tags;
        if (wishes.Description is { } description)
            body["description"] = description;
        return new VideoView(await vault.SendJsonAsync(HttpMethod.Patch, VaultClient.VideoPath(id), body, cancellationToken));
    }

    /// <summary>Puts a video into the trash, if it is ready and the vault has one; else it is removed in the background.</summary>
    /// <param name="isPermanent">It is removed in any case.</param>
    /// <returns>The video as it is then.</returns>
    public static async Task<VideoView> RemoveAsync(
        this VaultClient vault,
        string id,
        bool isPermanent,
        CancellationToken cancellationToken
    )
    {
        var path = $"{VaultClient.VideoPath(id)}{(isPermanent ? "?permanent=true" : "")}";
        return new VideoView(await vault.SendJsonAsync(HttpMethod.Delete, path, null, cancellationToken));
    }

    /// <summary>Brings a video back from the trash.</summary>
    /// <returns>The video as it is now.</returns>
    public static async Task<VideoView> RestoreAsync(this VaultClient vault, string id, CancellationToken cancellationToken) =>
        new(await vault.SendJsonAsync(HttpMethod.Post, $"{VaultClient.VideoPath(id)}/restore", null, cancellationToken));

    public static Task RetryAsync(this VaultClient vault, string id, CancellationToken cancellationToken) =>
        vault.SendJsonAsync(HttpMethod.Post, $"{VaultClient.VideoPath(id)}/retry", null, cancellationToken);

    /// <summary>Puts captions in a language; the answer says what they are called. They are stored shortly after.</summary>
    /// <param name="name">What players show; null: as before, or the language.</param>
    /// <param name="contentType">text/vtt or application/x-subrip.</param>
    public static Task<JsonElement> PutCaptionsAsync(
        this VaultClient vault,
        string id,
        string language,
        string? name,
        byte[] content,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        var query = name is null ? "" : $"?name={Uri.EscapeDataString(name)}";
        var path = $"{VaultClient.VideoPath(id)}/captions/{Uri.EscapeDataString(language)}{query}";
        return vault.SendJsonAsync(HttpMethod.Put, path, Content(content, contentType), cancellationToken);
    }

    /// <returns>The video without them.</returns>
    public static Task<JsonElement> RemoveCaptionsAsync(
        this VaultClient vault,
        string id,
        string language,
        CancellationToken cancellationToken
    ) =>
        vault.SendJsonAsync(
            HttpMethod.Delete,
            $"{VaultClient.VideoPath(id)}/captions/{Uri.EscapeDataString(language)}",
            null,
            cancellationToken
        );

    /// <summary>Makes what is on the screen at a moment the video's poster; it is stored shortly after.</summary>
    public static Task<JsonElement> ChoosePosterAsync(
        this VaultClient vault,
        string id,
        TimeSpan at,
        CancellationToken cancellationToken
    ) => vault.SendJsonAsync(HttpMethod.Post, $"{VaultClient.VideoPath(id)}/poster", new { at = at.TotalSeconds }, cancellationToken);

    /// <summary>Makes a picture the video's poster; it is stored shortly after.</summary>
    /// <param name="contentType">image/jpeg or image/png.</param>
    public static Task<JsonElement> PutPosterAsync(
        this VaultClient vault,
        string id,
        byte[] content,
        string contentType,
        CancellationToken cancellationToken
    ) => vault.SendJsonAsync(HttpMethod.Put, $"{VaultClient.VideoPath(id)}/poster", Content(content, contentType), cancellationToken);

    /// <summary>Has the vault make poster and storyboard of a stored video.</summary>
    public static async Task<VideoView> MakePicturesAsync(this VaultClient vault, string id, CancellationToken cancellationToken) =>
        new(await vault.SendJsonAsync(HttpMethod.Post, $"{VaultClient.VideoPath(id)}/pictures", null, cancellationToken));

    static ByteArrayContent Content(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
