using System.Text.Json.Nodes;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Pages;

/// <summary>What the API's description says of embedding.</summary>
internal static class EmbedOperations
{
    static readonly Answer NotNow = Answer.Problem(
        409,
        "The video cannot be played, or not yet.",
        ProblemCode.NotReady,
        ProblemCode.NotPlayable,
        ProblemCode.IngestFailed,
        ProblemCode.InTrash,
        ProblemCode.BeingRemoved
    );

    static JsonObject Pixels => new() { ["type"] = "integer", ["minimum"] = 1 };

    public static Operation ShowEmbed { get; } =
        new("A page with the player, to put into an iframe; it speaks player.js")
        {
            Description =
                "Takes autoplay, muted, loop, controls, start (also t, startTime; 90 or 1h12m27s), preload, poster, accent-color, "
                + "default-text-track (also subtitle), playback-rate and title.",
            Answers =
            [
                Answer.Of(200, "The page.", "text/html"),
                Answer.Of(
                    403,
                    "The link is not valid, not for this, or not for the site that shows it: a page with a sentence.",
                    "text/html"
                ),
                Answer.Of(404, "There is no such video any more: a page with a sentence.", "text/html"),
                Answer.Of(409, "The video cannot be played, or not yet: a page with a sentence.", "text/html"),
                Answer.Of(410, "The link has expired: a page with a sentence.", "text/html"),
            ],
        };

    public static Operation RenewEmbed { get; } =
        new("What the player on that page needs, anew") { Answers = [Answer.Json<PlayableView>(200, "What to play."), NotNow] };

    public static Operation PlayVideo { get; } =
        new("What a player needs to play a video, with a link that is good for a while")
        {
            Answers =
            [
                Answer.Json<PlayableView>(200, "What to play."),
                Answer.Problem(404, "There is no such video.", ProblemCode.NoSuchVideo),
                NotNow,
            ],
        };

    public static Operation DescribeEmbed { get; } =
        new("How to show an embed page, as oEmbed 1.0")
        {
            Parameters =
            [
                new("url", "The address of an embed page; its parameters are kept.", IsRequired: true),
                new("maxwidth", "The widest that fits, in pixels.") { Schema = Pixels },
                new("maxheight", "The highest that fits, in pixels.") { Schema = Pixels },
                new("format", "json is all there is."),
            ],
            Answers =
            [
                Answer.Json<OEmbedView>(200, "How to show it."),
                Answer.Problem(400, "maxwidth or maxheight is at fault."),
                Answer.Problem(404, "There is no such page, or nothing to play on it."),
                Answer.Problem(501, "Another format was asked for."),
            ],
        };
}
