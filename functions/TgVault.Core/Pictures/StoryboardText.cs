using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace TgVault.Core.Pictures;

/// <summary>How tiles lie on sheets, and the WebVTT that says which tile is of when (media fragments, #xywh=).</summary>
/// <param name="Width">Of a tile, in pixels.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Columns">Tiles in a row.</param>
/// <param name="Rows">Rows on a sheet.</param>
sealed record StoryboardText(int Width, int Height, int Columns, int Rows)
{
    /// <summary>Five by five: a sheet of some 100 kB, so that the first preview comes soon.</summary>
    public const int MostOnASide = 5;

    /// <summary>The layout for so many tiles: as square as they need it.</summary>
    public static (int Columns, int Rows) LayoutOf(int tiles)
    {
        var columns = Math.Clamp((int)Math.Ceiling(Math.Sqrt(tiles)), 1, MostOnASide);
        return (columns, Math.Clamp((tiles + columns - 1) / columns, 1, MostOnASide));
    }

    /// <param name="starts">When each tile's cue begins, in seconds, ascending.</param>
    /// <param name="end">When the last one ends.</param>
    public string Write(ImmutableArray<double> starts, double end)
    {
        var text = new StringBuilder("WEBVTT\n");
        for (var tile = 0; tile < starts.Length; tile++)
        {
            var (sheet, place) = Math.DivRem(tile, Columns * Rows);
            var (row, column) = Math.DivRem(place, Columns);
            // The first is also of what may come before it.
            var from = tile == 0 ? 0 : starts[tile];
            var to = tile + 1 < starts.Length ? starts[tile + 1] : Math.Max(end, from + 0.001);
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{Time(from)} --> {Time(to)}\n{PictureNames.Sheet(sheet)}#xywh={column * Width},{row * Height},{Width},{Height}\n"
            );
        }

        return text.ToString();
    }

    static string Time(double seconds)
    {
        var time = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time:mm\\:ss\\.fff}");
    }
}
