using System.Text.Json.Nodes;
using TgVault.Core.Library;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>What the API's description says of videos.</summary>
internal static class VideoOperations
{
    static readonly Answer NotThere = Answer.Problem(404, "There is no such video.", ProblemCode.NoSuchVideo);

    static readonly Answer NotModified = new(304, "The client has the video in this state.") { Headers = [Tag] };

    static (string, string) Tag => ("ETag", "Names this state of the video; send it as If-Match to change what you saw.");

    /// <summary>For whatever changes one video.</summary>
    internal static Parameter IfMatch { get; } =
        new("If-Match", "An ETag of the video: nothing is changed where it has another by now.") { IsHeader = true };

    /// <inheritdoc cref="IfMatch"/>
    internal static Answer Changed { get; } =
        Answer.Problem(412, "The video has changed since it had the ETag in If-Match.") with
        {
            Headers = [("ETag", "What it has now.")],
        };

    /// <summary>One video, with what names its state.</summary>
    internal static Answer Video(int status, string description) => Answer.Json<VideoView>(status, description) with { Headers = [Tag] };

    public static Operation ListVideos { get; } =
        new("Videos, newest first or in another order")
        {
            Description =
                "What is given narrows the list together. A page that is not the last may be short, or empty, where much had to be looked "
                + "through: go on until there is no continuation.",
            Parameters =
            [
                new(
                    "search",
                    "Only with words that begin like each word of this text: in name, folder, tags or description, whatever the accents, "
                        + "case and punctuation. Symbols such as emoji are words. A text without a word finds nothing."
                )
                {
                    Schema = new() { ["type"] = "string", ["maxLength"] = VideoQuery.MostSearchCharacters },
                },
                new("folder", "Only this folder."),
                new("below", "With a folder: also the folders that lie in it.")
                {
                    Schema = new() { ["type"] = "boolean", ["default"] = false },
                },
                new(
                    "order",
                    "What the list begins with. By name: without case and accents, numbers by their value. By length: last what does not "
                        + "play. All but the newest go with folder and tag, and with nothing else that narrows: each order is a list of its own."
                )
                {
                    Schema = new()
                    {
                        ["type"] = "string",
                        ["enum"] = new JsonArray([.. VideoRoutes.Orders.Keys.Select(word => (JsonNode)word)]),
                        ["default"] = "newest",
                    },
                },
                new("tag", "Only with this tag."),
                new("size", "Only those whose uploaded file has so many bytes.")
                {
                    Schema = new()
                    {
                        ["type"] = "integer",
                        ["format"] = "int64",
                        ["minimum"] = 1,
                    },
                },
                new(
                    "sha256",
                    "Only those whose uploaded file has this SHA-256, in hex: whether the vault has a file, under whatever name. Videos of "
                        + "an earlier version have none; of these, size and name tell."
                )
                {
                    Schema = new() { ["type"] = "string", ["pattern"] = $"^[0-9a-fA-F]{{{VideoRoutes.Sha256Digits}}}$" },
                },
                new("status", "Only in this status; without it, none that are in the trash.") { Type = typeof(VideoStatus) },
                new("limit", "How many at most.")
                {
                    Schema = new()
                    {
                        ["type"] = "integer",
                        ["minimum"] = 1,
                        ["maximum"] = VideoRoutes.MaxLimit,
                        ["default"] = VideoRoutes.DefaultLimit,
                    },
                },
                new("continuation", "What the page before gave."),
            ],
            Answers =
            [
                Answer.Json<VideoPageView>(200, "A page of the list."),
                Answer.Problem(400, "A parameter is at fault; the answer names it."),
            ],
        };

    public static Operation ShowVideo { get; } =
        new("One video")
        {
            Parameters =
            [
                new("If-None-Match", "The ETag that the client has: the video is sent only if it has another by now.") { IsHeader = true },
            ],
            Answers = [Video(200, "The video."), NotModified, NotThere],
        };

    public static Operation ChangeVideo { get; } =
        new("Changes what a person says about a video; absent fields stay")
        {
            Parameters = [IfMatch],
            Body = RequestContent.Json<VideoChange>(),
            Answers =
            [
                Video(200, "The video as it is now."),
                NotThere,
                Answer.Problem(409, "It is in the trash, or being removed.", ProblemCode.InTrash, ProblemCode.BeingRemoved),
                Changed,
            ],
        };

    public static Operation RemoveVideo { get; } =
        new("Puts a ready video into the trash; any other is removed in the background")
        {
            Description =
                "What is in the trash is in no list but `status=trashed`, and no link plays it. `trashedUntil` says until when it can be "
                + "restored; within a day after that it is removed for good. A vault without one (`TgVault__TrashDays` is 0) removes all.",
            Parameters =
            [
                new("permanent", "Whether it is removed for good, also from the trash.")
                {
                    Schema = new() { ["type"] = "boolean", ["default"] = false },
                },
                IfMatch,
            ],
            Answers =
            [
                Video(200, "The video in the trash."),
                Video(202, "The video as it goes."),
                Answer.Problem(400, "A parameter is at fault; the answer names it."),
                NotThere,
                Changed,
            ],
        };

    public static Operation RestoreVideo { get; } =
        new("Brings a video back from the trash")
        {
            Description = "It is listed again, and the links that it had play it again. A video that is ready already stays as it is.",
            Parameters = [IfMatch],
            Answers =
            [
                Video(200, "The video as it is now."),
                NotThere,
                Answer.Problem(409, "It is not in the trash, or was removed from there.", ProblemCode.NotInTrash),
                Changed,
            ],
        };

    public static Operation RetryVideo { get; } =
        new("Tries a failed ingest again, or makes a kept file play")
        {
            Description =
                "A video that is kept as a file for its pictures, in a vault that encodes such pictures now "
                + "(`TgVault__Ingest__TranscodeVideo`), is fetched from the channel and ingested anew: under its id, with its links. It "
                + "stays as it is until that begins.",
            Parameters = [IfMatch],
            Answers =
            [
                Video(202, "The video as it is tried again."),
                NotThere,
                Answer.Problem(
                    409,
                    "Trying again would change nothing, or its upload is gone.",
                    ProblemCode.NotFailed,
                    ProblemCode.UploadGone
                ),
                Changed,
            ],
        };

    public static Operation FollowVideo { get; } =
        new("Follows one video as server-sent events")
        {
            Description = "`video` with the whole video at each change, `removed` if it goes. Ends when it is ready, failed or gone.",
            Answers =
            [
                Answer.Events<VideoEventView>("Events until the video is ready, failed or gone. Each is told by its two fields."),
                NotThere,
            ],
        };

    public static Operation FollowLibrary { get; } =
        new("Follows the library as server-sent events")
        {
            Description =
                "What changes among the newest videos and those that are worked on: `video` with a video as it now is, `removed` with one "
                + "that is gone. Lines that begin with a colon only keep the connection open.",
            Answers = [Answer.Events<VideoEventView>("Events until the reader leaves. Each is told by its two fields.")],
        };
}
