using System.Globalization;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// What segments and their playlists are called, relative to the encoding's path: the one place that decides it. A track's number is its
/// place in the index.
/// </summary>
internal static class SegmentNames
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
