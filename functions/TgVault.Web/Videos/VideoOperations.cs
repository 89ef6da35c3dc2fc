using System.Text.Json.Nodes;
using TgVault.Core.Library;
using TgVault.Web.Http;

namespace TgVault.Web.Videos;

/// <summary>What the API's description says of videos.</summary>
internal static class VideoOperations
{
    static readonly Answer NotThere = Answer.Problem(404, "There is no such video.");

    public static Operation ListVideos { get; } =
        new("Videos, newest first or by name")
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
                    "By name: without case and accents, numbers by their value. Goes with folder and tag, not with status and search: each "
                        + "order is a list of its own."
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
                new("status", "Only in this status; without it, none that are in the trash.")
                {
                    Schema = new()
                    {
                        ["type"] = "string",
                        ["enum"] = new JsonArray([.. VideoRoutes.Statuses.Select(word => (JsonNode)word)]),
                    },
                },
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

    public static Operation ShowVideo { get; } = new("One video") { Answers = [Answer.Json<VideoView>(200, "The video."), NotThere] };

    public static Operation ChangeVideo { get; } =
        new("Changes what a person says about a video; absent fields stay")
        {
            Body = RequestContent.Json<VideoChange>(),
            Answers =
            [
                Answer.Json<VideoView>(200, "The video as it is now."),
                NotThere,
                Answer.Problem(409, "It is in the trash, or being removed."),
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
            ],
            Answers =
            [
                Answer.Json<VideoView>(200, "The video in the trash."),
                Answer.Json<VideoView>(202, "The video as it goes."),
                Answer.Problem(400, "A parameter is at fault; the answer names it."),
                NotThere,
            ],
        };

    public static Operation RestoreVideo { get; } =
        new("Brings a video back from the trash")
        {
            Description = "It is listed again, and the links that it had play it again. A video that is ready already stays as it is.",
            Answers =
            [
                Answer.Json<VideoView>(200, "The video as it is now."),
                NotThere,
                Answer.Problem(409, "It is not in the trash, or was removed from there."),
            ],
        };

    public static Operation RetryVideo { get; } =
        new("Tries a failed ingest again")
        {
            Answers = [Answer.Json<VideoView>(202, "The video as it is tried again."), NotThere, Answer.Problem(409, "It has not failed.")],
        };

    public static Operation FollowVideo { get; } =
        new(
            "Live progress as server-sent events: `video` with a Video at each change, `removed` if it goes; "
                + "ends when it is ready, failed or gone"
        )
        {
            Answers = [Answer.Of(200, "Events until the video is ready, failed or gone.", "text/event-stream"), NotThere],
        };

    public static Operation FollowLibrary { get; } =
        new(
            "What changes in the library as server-sent events, among the newest videos and those worked on: `video` with a Video as it "
                + "now is, `removed` with one that is gone"
        )
        {
            Answers = [Answer.Of(200, "Events until the reader leaves.", "text/event-stream")],
        };
}
