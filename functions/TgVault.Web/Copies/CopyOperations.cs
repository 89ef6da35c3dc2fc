using TgVault.Web.Http;

namespace TgVault.Web.Copies;

/// <summary>What the API's description says of copies.</summary>
internal static class CopyOperations
{
    public static Operation CheckCopies { get; } =
        new("Looks at every copy of a video's documents, and makes those anew that are lost")
        {
            Description =
                "It looks for up to 20 seconds and says where to go on. A copy in a replica is mended at once. What is lost in a channel "
                + "is suspected by the first look, and posted anew from a replica by a second one, 30 seconds later or more. Nothing is "
                + "deleted.",
            Body = RequestContent.Json<NewCopyCheck>(isRequired: false),
            Answers =
            [
                Answer.Json<CopyReportView>(200, "What was found, and mended."),
                Answer.Problem(409, "There is no such video, or it is not stored."),
            ],
        };

    public static Operation CheckCatalogue { get; } =
        new("Looks at the catalogue wherever it is, and makes anew what is lost")
        {
            Description =
                "It reads and opens the newest catalogue and every segment, in the first channel and in every replica, and looks at what "
                + "is pinned. What is lost is published anew from the vault's own rows, or copied again.",
            Body = RequestContent.Json<NewCatalogueCheck>(isRequired: false),
            Answers = [Answer.Json<CopyReportView>(200, "What was found, and mended.")],
        };
}
