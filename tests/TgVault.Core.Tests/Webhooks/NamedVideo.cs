using System.Text.Json;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Tests.Webhooks;

/// <summary>A video as JSON, as far as tests of the core ask.</summary>
sealed class NamedVideo : IVideoJson
{
    public byte[] Write(Video video) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = video.Id.ToString(),
                name = video.Details.Name,
                status = video.Life.Status.ToString(),
            }
        );
}
