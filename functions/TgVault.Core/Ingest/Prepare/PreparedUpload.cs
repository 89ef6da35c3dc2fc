using System.Collections.Immutable;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>A prepared file, and what was read or written on the way to it.</summary>
/// <param name="File">What is recorded.</param>
/// <param name="Head">Layout and moov of <paramref name="File"/>, where they were read.</param>
/// <param name="UploadCopy">The whole upload as a local file, where ffmpeg needed one; the receiver removes it.</param>
/// <param name="Treated">The upload's tracks with what was done with them, where that is not what was decided.</param>
/// <param name="Changes">Sentences for the reason: what was done otherwise than decided, and why.</param>
sealed record PreparedUpload(
    PreparedFile File,
    Mp4Head? Head = null,
    TemporaryFile? UploadCopy = null,
    MediaSummary? Treated = null,
    ImmutableArray<string> Changes = default
)
{
    /// <summary>The index of <see cref="File"/>, where it was tried.</summary>
    public Mp4Index? Index { get; init; }
}
