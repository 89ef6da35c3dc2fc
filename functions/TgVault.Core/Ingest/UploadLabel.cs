namespace TgVault.Core.Ingest;

/// <summary>
/// What logs call an upload: the video's id. An upload that nobody announced is called by its version alone: its name is a person's, and
/// logs leave the machine.
/// </summary>
public static class UploadLabel
{
    /// <summary>The label of the blob of this name in this version.</summary>
    public static string Of(string blobName, string etag) =>
        VideoId.TryParse(blobName) is { } id ? id.ToString() : $"(unannounced, version {etag})";

    /// <summary>The label of the upload that a request is about.</summary>
    public static string Of(IngestRequest request) => Of(request.BlobName, request.ETag);
}
