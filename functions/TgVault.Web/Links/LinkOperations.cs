using System.Collections.Immutable;
using TgVault.Core.Links;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Links;

/// <summary>What the API's description says of links.</summary>
internal static class LinkOperations
{
    static readonly Answer NoVideo = Answer.Problem(404, "There is no such video.", ProblemCode.NoSuchVideo);

    static readonly ImmutableArray<Parameter> Paging =
    [
        new("limit", "How many at most.")
        {
            Schema = new()
            {
                ["type"] = "integer",
                ["minimum"] = 1,
                ["maximum"] = LinkRegister.MaxPage,
                ["default"] = LinkRoutes.DefaultLimit,
            },
        },
        new("continuation", "What the page before gave."),
    ];

    static readonly ImmutableArray<Answer> Page =
    [
        Answer.Json<LinkPageView>(200, "A page of the list."),
        Answer.Problem(400, "A parameter is at fault; the answer names it."),
    ];

    public static Operation LinkVideo { get; } =
        new("Mints a link to play one video for a while")
        {
            Parameters = [IdempotencyKey.Told],
            Body = RequestContent.Json<NewLink>(isRequired: false),
            Answers =
            [
                Answer.Json<LinkView>(201, "The link; the same one where the key is known."),
                NoVideo,
                Answer.Problem(409, "It is in the trash.", ProblemCode.InTrash),
                .. IdempotencyKey.Answers,
            ],
        };

    public static Operation ListLinksOfVideo { get; } =
        new("Links to one video that the vault made, newest first")
        {
            Description =
                "Those that the vault made for somebody, until a while after their end. Links that were made elsewhere with the link key "
                + "are not known, nor are those that the vault's own pages play by.",
            Parameters = Paging,
            Answers = [.. Page, NoVideo],
        };

    public static Operation ListLinks { get; } =
        new("Links to all videos that the vault made, newest first") { Parameters = Paging, Answers = Page };

    public static Operation RevokeLink { get; } =
        new("Revokes one link for good")
        {
            Description =
                "Every instance refuses it within a minute, and ends what plays by it. A link that was made elsewhere is revoked by its "
                + "`jti`; one without, or one whose id is not at hand, by its own text.",
            Parameters = [new("linkId", "The link's id, or the text of the link itself (its token).")],
            Answers =
            [
                Answer.Json<RevokedLinkView>(200, "It is revoked: now, or was before."),
                Answer.Problem(400, "This is no id of a link."),
            ],
        };

    public static Operation RevokeAllLinks { get; } =
        new("Revokes every link at once, whoever made it, and every link key")
        {
            Description =
                "Within a minute every instance refuses them, and ends what plays by them. What the vault makes from now on is good: it "
                + "signs with another key. Backends of sites need new link keys.",
            Answers = [Answer.Json<AllLinksRevokedView>(200, "They are revoked.")],
        };

    public static Operation RevokeLinksOfVideo { get; } =
        new("Revokes all links to one video, whoever made them")
        {
            Description = "Links that are made elsewhere from now on name the epoch that is answered.",
            Answers = [Answer.Json<RevokedLinksView>(200, "They are revoked."), NoVideo],
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
                new("ttl", "How long the links are good, in seconds.")
                {
                    Schema = new() { ["type"] = "integer", ["minimum"] = 1 },
                },
            ],
            Answers =
            [
                Answer.Of(200, "The list.", "application/vnd.apple.mpegurl"),
                Answer.Problem(400, "A parameter is at fault; the answer names it."),
            ],
        };
}
