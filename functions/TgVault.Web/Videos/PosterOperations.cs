using TgVault.Core.Upkeep;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Streams;

namespace TgVault.Web.Videos;

/// <summary>What the API's description says of posters and storyboards.</summary>
internal static class PosterOperations
{
    static readonly Answer NotThere = Answer.Problem(404, "There is no such video.", ProblemCode.NoSuchVideo);

    static readonly ProblemCode[] Fixed = [ProblemCode.NotReady, ProblemCode.NotPlayable, ProblemCode.InTrash, ProblemCode.BeingRemoved];

    public static Operation ChoosePoster { get; } =
        new("Makes a picture of the video its poster")
        {
            Description = "Stored beside the video shortly after; until then the one before is shown.",
            Parameters = [VideoOperations.IfMatch],
            Body = RequestContent.Json<NewPoster>(),
            Answers =
            [
                VideoOperations.Video(202, "Taken."),
                NotThere,
                Answer.Problem(409, "The video is not ready, is kept as a file, or has no such picture.", [.. Fixed, ProblemCode.Conflict]),
                VideoOperations.Changed,
            ],
        };

    public static Operation PutPoster { get; } =
        new("Makes a picture the video's poster")
        {
            Description = "It is encoded anew, in some sizes; nothing of it is stored as it came.",
            Parameters = [VideoOperations.IfMatch],
            Body = RequestContent.Text($"A picture of at most {IPosters.MostBytes >> 20} MiB.", "image/jpeg", "image/png"),
            Answers =
            [
                VideoOperations.Video(202, "Taken."),
                Answer.Problem(400, "It is no picture that can be decoded, or is too large to be."),
                NotThere,
                Answer.Problem(409, "The video is not ready, or is kept as a file.", [.. Fixed]),
                VideoOperations.Changed,
                Answer.Problem(413, "The picture has too many bytes."),
                Answer.Problem(415, "The body is of another type."),
            ],
        };

    public static Operation MakePictures { get; } =
        new("Makes poster and storyboard of a video that is stored, in the background; a poster that a person chose stays")
        {
            Parameters = [VideoOperations.IfMatch],
            Answers =
            [
                VideoOperations.Video(202, "The video; its pictures follow."),
                NotThere,
                Answer.Problem(409, "The video is not ready, or is kept as a file.", [.. Fixed]),
                VideoOperations.Changed,
            ],
        };

    public static Operation ShowPicture { get; } =
        new("A poster or a part of the storyboard, by id")
        {
            Parameters = [StreamOperations.Picture, StreamOperations.Edition],
            Answers =
            [
                Answer.Of(200, "The picture, or the text.", "image/jpeg", "text/vtt"),
                Answer.Of(206, "The range.", "image/jpeg", "text/vtt"),
                new Answer(304, "The client has this file already."),
                Answer.Problem(404, "There is no such video, or it has no such picture.", ProblemCode.NoSuchVideo, ProblemCode.NotFound),
                Answer.Problem(409, "The video is not ready.", ProblemCode.NotReady, ProblemCode.IngestFailed),
                Answer.Problem(412, "The file is not the one that the conditions name."),
                Answer.Problem(416, "The file ends before the range begins."),
            ],
        };
}
