using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// One stored encoding of a video: the original or a rendition (a smaller size). The first of a list is the original; renditions bring
/// their pictures only and play with the original's sound.
/// </summary>
/// <param name="Path">What its URLs begin with, relative to the multivariant playlist: empty, or ending in a slash.</param>
/// <param name="Video">Its packaging.</param>
internal sealed record VideoEncoding(string Path, PackagedVideo Video)
{
    public Mp4Index Index => Video.Index;
}
