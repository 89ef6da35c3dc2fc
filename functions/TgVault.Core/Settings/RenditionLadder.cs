using System.Collections.Immutable;
using System.Globalization;

namespace TgVault.Core.Settings;

/// <summary>Which sizes of a video are made at ingest, as the setting says: heights in pixels, <c>720p,480p</c>; empty for none.</summary>
static class RenditionLadder
{
    public const int MinHeight = 144;
    public const int MaxHeight = 2160;
    public const int MaxSteps = 6;

    /// <summary>The heights, largest first; null where the text is no ladder.</summary>
    public static ImmutableArray<int>? TryParse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        var heights = ImmutableArray.CreateBuilder<int>();
        foreach (var step in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (
                !step.EndsWith('p')
                || !int.TryParse(step.AsSpan(0, step.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            )
                return null;
            // 4:2:0 needs even sides.
            if (height is < MinHeight or > MaxHeight || height % 2 != 0 || heights.Contains(height))
                return null;
            heights.Add(height);
        }

        heights.Sort((left, right) => right.CompareTo(left));
        return heights.Count <= MaxSteps ? heights.DrainToImmutable() : null;
    }

    /// <summary>What people and URLs call one of this height.</summary>
    public static string NameOf(int height) => FormattableString.Invariant($"{height}p");
}
