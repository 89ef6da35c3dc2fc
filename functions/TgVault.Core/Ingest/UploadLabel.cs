namespace TgVault.Core.Ingest;

/// <summary>
/// What logs call an upload: the video's id. Of one that nobody announced the version alone, since its name is a person's and logs leave the machine.
/// </summary>
public static class UploadLabel
{
    public static string Of(string blobName, string etag) =>
        VideoId.TryParse(blobName) is { } id ? id.ToString() : $"(unannounced, version {etag})";

    public static string Of(IngestRequest request) => Of(request.BlobName, request.ETag);
}
