using System.Security.Cryptography;
using System.Text;
using TgVault.Core;
using TgVault.Core.Ingest;

namespace TgVault.Functions.Ingest;

/// <summary>
/// Ids of instances. The same work has the same id, so it runs once at a time. Durable takes at most 100 characters and none of
/// <c>/ \ # ?</c>. Blob names and ETags may have them, so those are hashed.
/// </summary>
static class InstanceIds
{
    const int HashLength = 26;

    /// <summary>One upload in one version.</summary>
    public static string Ingest(IngestRequest request) =>
        $"ingest-{VideoId.TryParse(request.BlobName)?.ToString() ?? Hash(request.BlobName)}-{Hash(request.ETag)}";

    public static string Amendment(VideoId video) => $"amend-{video}";

    public static string Removal(VideoId video) => $"remove-{video}";

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
}
