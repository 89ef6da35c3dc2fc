using TgVault.Web.Http;

namespace TgVault.Web.Lists;

/// <summary>What the API's description says of lists, and of many videos at once.</summary>
internal static class ListOperations
{
    public static Operation ShowLists { get; } =
        new("Folders, tags and statuses, and how many videos each has")
        {
            Description =
                "Counted when it is asked for, and kept for twenty times as long as that took: a second with a few thousand videos, some "
                + "seconds with 100,000 on one machine, a few minutes with as many in Azure.",
            Answers = [Answer.Json<ListsView>(200, "The lists that have any videos.")],
        };

    public static Operation ChangeVideos { get; } =
        new("Moves and tags many videos")
        {
            Description = "Each for itself: one that cannot be changed keeps none of the others from it.",
            Body = RequestContent.Json<VideosChange>(),
            Answers = [Answer.Json<EditsView>(200, "What became of each, in the order of the request.")],
        };

    public static Operation RemoveVideos { get; } =
        new("Puts many videos into the trash, or removes them in the background")
        {
            Description = "Each as if it were removed by itself.",
            Body = RequestContent.Json<VideosRemoval>(),
            Answers = [Answer.Json<EditsView>(200, "What became of each, in the order of the request.")],
        };
}
