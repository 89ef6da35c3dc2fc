using System.Text;
using TgVault.Core.Pictures;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback;

/// <summary>One picture, or the text of a storyboard, as it is sent.</summary>
/// <param name="Content">All of it.</param>
/// <param name="ContentType">What it is sent as.</param>
/// <param name="Edition">What its address and its validator say besides the video: another where the bytes are others.</param>
public sealed record PictureFile(byte[] Content, string ContentType, string Edition);

/// <summary>Finds the stored posters and storyboards of ready videos, by the names that they are asked for.</summary>
public sealed class PictureReader(OpenVideos videos)
{
    /// <summary>In addresses: which edition is meant, so that it may be kept for ever.</summary>
    public const string EditionParameter = "edition";

    /// <summary>What a storyboard's text is asked for as.</summary>
    public const string StoryboardName = PictureNames.Storyboard;

    /// <summary>The names of the sizes of a poster, from small to large.</summary>
    public static IEnumerable<string> SizesOf(Companion poster) =>
        PictureNames.Sizes.Take(poster.Media?.Tracks.Length ?? 0).Select(PictureNames.Sized);

    /// <summary>The poster that stands for the video now; null where it has none.</summary>
    public static Companion? PosterOf(Video video) => Newest(video, CompanionKind.Poster);

    /// <summary>The storyboard of now; null where the video has none.</summary>
    public static Companion? StoryboardOf(Video video) => Newest(video, CompanionKind.Storyboard);

    /// <summary>Whether the row has stored pictures of this edition.</summary>
    public static bool Has(Video video, string edition) =>
        new[] { PosterOf(video), StoryboardOf(video) }.Any(pictures => pictures is not null && EditionOf(video, pictures) == edition);

    /// <summary>A companion's edition.</summary>
    public static string EditionOf(Video video, Companion companion) => $"{video.Life.Attempt}-{companion.Number}";

    /// <summary>
    /// What a video has under this name: poster.jpg, poster-{320, 640, 1280}.jpg (the next size there is, where the film is smaller),
    /// storyboard.vtt, storyboard-{n}.jpg. Null where it has none.
    /// </summary>
    /// <exception cref="MediaException">What is stored cannot be read.</exception>
    /// <exception cref="VaultException">It cannot be read for now, or the row is not the video's any more.</exception>
    public async Task<PictureFile?> FindAsync(Video video, string name, CancellationToken cancellationToken)
    {
        var size = PictureNames.SizeOf(name);
        var companion =
            size is not null ? PosterOf(video)
            : name == PictureNames.Storyboard || PictureNames.IsSheet(name) ? StoryboardOf(video)
            : null;
        if (companion is null || await ReadAsync(video, companion, cancellationToken) is not { } packed)
            return null;
        var edition = EditionOf(video, companion);
        var content = size is { } asked ? FindSize(packed, asked) : PackedPictures.Find(packed, name);
        if (content is null)
            return null;
        return name == PictureNames.Storyboard
            ? new PictureFile(WithEdition(content, edition), "text/vtt; charset=utf-8", edition)
            : new PictureFile(content, "image/jpeg", edition);
    }

    static Companion? Newest(Video video, CompanionKind kind) =>
        video
            .Files.Companions.Where(companion => companion.Kind == kind && companion is { State: CompanionState.Stored, Of: 0 })
            .MaxBy(companion => companion.Number);

    async Task<byte[]?> ReadAsync(Video video, Companion companion, CancellationToken cancellationToken)
    {
        await using var stream = await videos.OpenAsync(video, companion.Number, cancellationToken);
        if (stream is null)
            return null;
        if (stream.Length > PackedPictures.MostBytes)
            throw new MediaException("The stored pictures are larger than is read.");
        var packed = new byte[stream.Length];
        stream.ReadEnd = stream.Length;
        await stream.ReadExactlyAsync(packed, cancellationToken);
        return packed;
    }

    static byte[]? FindSize(byte[] packed, int asked) =>
        PictureNames
            .Sizes.OrderBy(size => size < asked)
            .ThenBy(size => Math.Abs(size - asked))
            .Select(size => PackedPictures.Find(packed, PictureNames.Sized(size)))
            .FirstOrDefault(content => content is not null);

    // Its sheets stand beside it, under addresses that may be kept for ever.
    static byte[] WithEdition(byte[] text, string edition) =>
        Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(text).Replace(".jpg#", $".jpg?{EditionParameter}={edition}#", StringComparison.Ordinal)
        );
}
