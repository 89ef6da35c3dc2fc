using System.Collections.Immutable;
using System.Globalization;

namespace TgVault.Core.Pictures;

/// <summary>What pictures are called, in what is stored and in addresses.</summary>
static class PictureNames
{
    /// <summary>The poster at its largest.</summary>
    public const string Poster = "poster.jpg";

    public const string Storyboard = "storyboard.vtt";

    const string SizePrefix = "poster-";
    const string SheetPrefix = "storyboard-";
    const string Extension = ".jpg";

    /// <summary>
    /// The squares that posters fit into, in pixels: for grids, for grids on fine screens, and for pages and other sites' cards. No poster
    /// is larger than its film, so a small film has fewer.
    /// </summary>
    public static ImmutableArray<int> Sizes { get; } = [320, 640, 1280];

    public static string Sized(int size) => string.Create(CultureInfo.InvariantCulture, $"{SizePrefix}{size}{Extension}");

    public static string Sheet(int number) => string.Create(CultureInfo.InvariantCulture, $"{SheetPrefix}{number}{Extension}");

    /// <summary>Which of <see cref="Sizes"/> a name asks for, <see cref="Poster"/> for the largest; null where it is no poster's.</summary>
    public static int? SizeOf(string name) =>
        name == Poster ? Sizes[^1] : Sizes.Select(size => (int?)size).FirstOrDefault(size => Sized(size!.Value) == name);

    /// <summary>Whether it may be the name of a sheet.</summary>
    public static bool IsSheet(string name) =>
        name.StartsWith(SheetPrefix, StringComparison.Ordinal)
        && name.EndsWith(Extension, StringComparison.Ordinal)
        && int.TryParse(name[SheetPrefix.Length..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && Sheet(number) == name;
}
