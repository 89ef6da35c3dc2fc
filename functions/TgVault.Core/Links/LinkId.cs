namespace TgVault.Core.Links;

/// <summary>
/// What a link is called that this vault made: like a video's id, so that they sort newest first, are typed and copied without doubt, and
/// are guessed by nobody.
/// </summary>
static class LinkId
{
    public static string New(DateTimeOffset now) => VideoId.New(now).ToString();

    /// <summary>Whether a text is such an id. One that was made elsewhere may be any text.</summary>
    public static bool IsOwn(string id) => VideoId.TryParse(id) is not null;
}
