using System.Text.Json.Nodes;

namespace TgVault.Web.OpenApi;

/// <summary>What operations are listed under: the folders that answer, in the order in which one reads of them.</summary>
internal static class ApiTags
{
    static readonly (string Name, string Description)[] Known =
    [
        ("Uploads", "Announcing an upload. The bytes go to a URL of their own, in the words of blob storage."),
        ("Videos", "Looking at videos, changing, following and removing them; captions, posters and storyboards."),
        ("Lists", "What folders, tags and statuses there are, and changes of many videos at once."),
        ("Links", "Permission for others to play one video for a while."),
        ("Streams", "What players fetch: the file itself, HLS, DASH, captions, chapters, pictures."),
        ("Pages", "The embed page, what its player needs, and the web app."),
        ("Webhooks", "Telling sites what happens to videos, by Standard Webhooks, and what came of each message."),
        ("Keys", "Named API keys for apps and scripts, and link keys for sites. Only the vault's own key may look after them."),
        ("Sessions", "Signing browsers in to the web app. Programs send an API key and need none of it."),
        ("Copies", "Whether everything is there as often as it is to be, in the channels and in copies elsewhere."),
        ("Health", "How the vault is, what it is set to, and this document."),
        ("Dav", "The library for apps that open a WebDAV address."),
        ("Staging", "Where upload URLs lead that lead to the vault itself."),
    ];

    /// <summary>The tags of these names. One that nobody has described is told by its name alone; a test asks for more.</summary>
    public static JsonArray Of(IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var all = Known
            .Where(tag => wanted.Contains(tag.Name))
            .Concat(
                wanted.Except(Known.Select(tag => tag.Name)).Order(StringComparer.Ordinal).Select(name => (Name: name, Description: ""))
            );
        return [.. all.Select(Write)];
    }

    static JsonObject Write((string Name, string Description) tag)
    {
        var written = new JsonObject { ["name"] = tag.Name };
        if (tag.Description.Length > 0)
            written["description"] = tag.Description;
        return written;
    }
}
