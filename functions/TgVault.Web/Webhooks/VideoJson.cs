using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Web.Http;
using TgVault.Web.Videos;

namespace TgVault.Web.Webhooks;

/// <inheritdoc/>
internal sealed class VideoJson : IVideoJson
{
    public byte[] Write(Video video) => VaultJson.Serialize(VideoView.Of(video));
}
