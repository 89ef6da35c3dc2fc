using TgVault.Core.Captioning;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>What the API's description says of putting captions.</summary>
internal static class CaptionOperations
{
    public static Operation PutCaptions { get; } =
        new("Adds captions in a language, or replaces those there are")
        {
            Description =
                "Stored beside the video shortly after; until then their status is waiting and the ones before go on playing. "
                + "SubRip becomes WebVTT: italics, bold and underlining are kept.",
            Parameters =
            [
                new("name", "What players show; the name that this language had, or its tag, where it is not given.")
                {
                    Schema = new() { ["type"] = "string", ["maxLength"] = CaptionRoutes.MaxName },
                },
                VideoOperations.IfMatch,
            ],
            Body = RequestContent.Text("In UTF-8, at most 4 MiB.", CaptionText.ContentType, SubRip.ContentType),
            Answers =
            [
                Answer.Json<CaptionsView>(202, "Taken."),
                Answer.Problem(400, "The language is no tag, or the text is none that can be read; the answer names the line."),
                Answer.Problem(404, "There is no such video.", ProblemCode.NoSuchVideo),
                Answer.Problem(
                    409,
                    "The video is not ready, or is kept as a file.",
                    ProblemCode.NotReady,
                    ProblemCode.NotPlayable,
                    ProblemCode.InTrash,
                    ProblemCode.BeingRemoved
                ),
                VideoOperations.Changed,
                Answer.Problem(413, "The text is larger than 4 MiB."),
                Answer.Problem(415, "The body is of another type."),
            ],
        };

    public static Operation RemoveCaptions { get; } =
        new("Removes the captions in a language")
        {
            Parameters = [VideoOperations.IfMatch],
            Answers =
            [
                VideoOperations.Video(200, "Removed."),
                Answer.Problem(400, "The language is no tag."),
                Answer.Problem(
                    404,
                    "There is no such video, or it has no captions in this language.",
                    ProblemCode.NoSuchVideo,
                    ProblemCode.NotFound
                ),
                Answer.Problem(409, "The video is not ready.", ProblemCode.NotReady),
                VideoOperations.Changed,
            ],
        };
}
