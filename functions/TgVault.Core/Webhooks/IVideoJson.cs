using TgVault.Core.Videos;

namespace TgVault.Core.Webhooks;

/// <summary>A video as the API shows it; hosts that have an API say how.</summary>
public interface IVideoJson
{
    /// <summary>A JSON object in UTF-8.</summary>
    byte[] Write(Video video);
}
