using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Pictures;

/// <summary>A film that pictures are taken of, wherever it lies.</summary>
/// <param name="Read">Reads it.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Media">What it holds.</param>
/// <param name="Index">Of an MP4 that has one; others are copied as a whole for ffmpeg.</param>
/// <param name="MostCopied">How long a film is copied at most, in bytes.</param>
sealed record FilmSource(ReadRange Read, long LengthBytes, MediaSummary Media, Mp4Index? Index, long MostCopied)
{
    /// <summary>Its pictures; null where it has none.</summary>
    public MediaTrack? Video => VideoOf(Media);

    /// <summary>Told beforehand what is going to be read, where that helps.</summary>
    public Action<IEnumerable<SourceRange>>? Expect { get; init; }

    /// <summary>The pictures of a film; null where it has none.</summary>
    public static MediaTrack? VideoOf(MediaSummary? media) =>
        media?.Tracks.FirstOrDefault(track => track is { Kind: MediaTrackKind.Video, AttachedPicture: false });
}
