using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Uploads;

/// <summary>What the API's description says of uploads.</summary>
internal static class UploadOperations
{
    public static Operation CreateUpload { get; } =
        new("Announces an upload and gives the URL to send the bytes to")
        {
            Description =
                "The file goes to `uploadUrl` by one PUT with `x-ms-blob-type: BlockBlob`, or block by block as clients of Azure's blob "
                + "storage send it. It is taken up by itself once it has arrived. Announced from a server, the URL may be used by a page.",
            Parameters = [IdempotencyKey.Told],
            Body = RequestContent.Json<NewUpload>(),
            Answers =
            [
                Answer.Json<UploadView>(201, "Announced; the same upload where the key is known.") with
                {
                    Headers = [("Location", "The video.")],
                },
                .. IdempotencyKey.Answers,
            ],
        };

    public static Operation RenewUpload { get; } =
        new("Gives a new URL for an upload that has not arrived yet, to resume it")
        {
            Answers =
            [
                Answer.Json<UploadView>(200, "The upload with its new URL."),
                Answer.Problem(404, "There is no such video.", ProblemCode.NoSuchVideo),
                Answer.Problem(409, "It has arrived already.", ProblemCode.AlreadyUploaded),
            ],
        };
}
