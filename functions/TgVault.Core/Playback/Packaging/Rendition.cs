using System.Globalization;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback.Packaging;

/// <summary>One stored encoding of a video. The first of a list is the original; further ones bring their pictures only, and play with the original's sound.</summary>
/// <param name="Path">What its URLs begin with, relative to the multivariant playlist: empty, or ending in a slash.</param>
/// <param name="Index">Of its stored file.</param>
public sealed record Rendition(string Path, Mp4Index Index);

/// <summary>Captions beside the video.</summary>
/// <param name="Language">A language tag (BCP 47).</param>
/// <param name="Name">What the player's menu shows.</param>
/// <param name="PlaylistUri">The HLS playlist of the captions, relative to the multivariant playlist.</param>
/// <param name="TextUri">The WebVTT text, relative to the MPD.</param>
public sealed record CaptionTrack(string Language, string Name, string PlaylistUri, string TextUri);

/// <summary>What segments and playlists are called, relative to the rendition's path: the one place that decides it. A track's number is its place in the index.</summary>
public static class SegmentNames
{
    public const string Init = "init.mp4";

    public const string Playlist = "media.m3u8";

    public const string PicturePlaylist = "pictures.m3u8";

    /// <summary>A track's folder, with the slash.</summary>
    public static string Folder(int track) => FormattableString.Invariant($"{track}/");

    /// <summary>A segment in its track's folder; numbers count from 0.</summary>
    public static string Segment(int number) => FormattableString.Invariant($"{number}.m4s");

    /// <summary>The segment's first picture, in its track's folder.</summary>
    public static string Picture(int number) => FormattableString.Invariant($"p{number}.m4s");

    /// <summary>The number of a track's folder; null where the text is none, or not written as <see cref="Folder"/> writes it.</summary>
    public static int? TrackOf(string folder) => Number(folder, track => Folder(track).TrimEnd('/'), folder);

    /// <summary>The number of a segment; null where the name is no segment's.</summary>
    public static int? SegmentOf(string name) => Number(name.Split('.')[0], Segment, name);

    /// <summary>The number of the segment whose picture it is; null where the name is no picture's.</summary>
    public static int? PictureOf(string name) => Number(name.TrimStart('p').Split('.')[0], Picture, name);

    // One address per thing: what reads as a number but is written otherwise (007) names nothing.
    static int? Number(string digits, Func<int, string> nameOf, string name) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && nameOf(number) == name ? number : null;
}

/// <summary>What captions are called: the one place that decides it.</summary>
public static class CaptionNames
{
    public const string Playlist = "media.m3u8";

    /// <summary>All of one language, on the timeline of the segments.</summary>
    public const string Whole = "text.vtt";

    /// <summary>A language's folder, relative to the multivariant playlist, with the slash.</summary>
    public static string Folder(string language) => $"captions/{language}/";

    /// <summary>A segment in its language's folder; numbers count from 0.</summary>
    public static string Segment(int number) => FormattableString.Invariant($"{number}.vtt");

    /// <summary>The number of a segment; null where the name is no segment's.</summary>
    public static int? SegmentOf(string name) =>
        int.TryParse(name.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Segment(number) == name
            ? number
            : null;
}
