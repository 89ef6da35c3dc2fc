using System.Globalization;

namespace TgVault.Core.Playback.Captions;

/// <summary>What captions are called: the one place that decides it.</summary>
internal static class CaptionNames
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
