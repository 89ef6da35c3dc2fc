using TgVault.Web.Http;

namespace TgVault.Web.Links;

/// <summary>What the API's description says of links.</summary>
internal static class LinkOperations
{
    public static Operation LinkVideo { get; } =
        new("Mints a link to play one video for a while")
        {
            Body = RequestContent.Json<NewLink>(isRequired: false),
            Answers = [Answer.Json<LinkView>(201, "The link."), Answer.Problem(404, "There is no such video.")],
        };

    public static Operation ListForPlayers { get; } =
        new("Videos as a list that players open (extended M3U), with a link to each")
        {
            Description =
                "For VLC, Kodi, mpv and apps on a TV. The links are not among those that the API lists; they end with their time, or when "
                + "all links to a video are revoked. Also takes a named API key as the password of basic authentication.",
            Parameters =
            [
                new("folder", "Only those in this folder and in the folders that lie in it."),
                new("tag", "Only those with this tag."),
                new("ttl", "How long the links are good, in seconds.") { Schema = new() { ["type"] = "integer", ["minimum"] = 1 } },
            ],
            Answers =
            [
                Answer.Of(200, "The list.", "application/vnd.apple.mpegurl"),
                Answer.Problem(400, "A parameter is at fault; the answer names it."),
            ],
        };
}
