using TgVault.Web.Http;

namespace TgVault.Web.Uploads;

/// <summary>What the API's description says of uploads.</summary>
internal static class UploadOperations
{
    public static Operation CreateUpload { get; } =
        new("Announces an upload and gives the URL to send the bytes to")
        {
            Body = RequestContent.Json<NewUpload>(),
            Answers = [Answer.Json<UploadView>(201, "Announced.") with { Headers = [("Location", "The video.")] }],
        };

    public static Operation RenewUpload { get; } =
        new("Gives a new URL for an upload that has not arrived yet, to resume it")
        {
            Answers =
            [
                Answer.Json<UploadView>(200, "The upload with its new URL."),
                Answer.Problem(404, "There is no such video."),
                Answer.Problem(409, "It has arrived already."),
            ],
        };
}
