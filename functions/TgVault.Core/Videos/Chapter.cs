using System.Collections.Immutable;

namespace TgVault.Core.Videos;

/// <summary>A part of a video with a name, as the upload has it.</summary>
/// <param name="StartSeconds">When it begins, in seconds from the video's start.</param>
/// <param name="EndSeconds">When it ends, later than it begins.</param>
/// <param name="Title">At most 100 characters in one line; empty where it has none.</param>
public sealed record Chapter(double StartSeconds, double EndSeconds, string Title)
{
    /// <summary>More than any film or book is made of; further ones are passed over.</summary>
    internal const int MaxPerVideo = 256;

    const int MaxTitle = 100;

    /// <summary>Chapters in their order: each ends where the next one begins at the latest. What shows for no time is left out.</summary>
    /// <param name="found">What a file says; times may be anything.</param>
    /// <param name="durationSeconds">How long the video lasts; 0 where that is not known.</param>
    /// <returns>Null where there is none.</returns>
    internal static ImmutableArray<Chapter>? InOrder(IEnumerable<Chapter> found, double durationSeconds)
    {
        var chapters = found
            .Where(chapter => double.IsFinite(chapter.StartSeconds) && double.IsFinite(chapter.EndSeconds))
            .Take(MaxPerVideo)
            .Select(chapter =>
                chapter with
                {
                    StartSeconds = Math.Round(Math.Max(0, chapter.StartSeconds), 3),
                    Title = InOneLine(chapter.Title),
                }
            )
            .OrderBy(chapter => chapter.StartSeconds)
            .ToList();
        var last = durationSeconds > 0 ? durationSeconds : double.MaxValue;
        var kept = ImmutableArray.CreateBuilder<Chapter>();
        for (var i = 0; i < chapters.Count; i++)
        {
            var (start, end) = (chapters[i].StartSeconds, Math.Round(chapters[i].EndSeconds, 3));
            var next = i + 1 < chapters.Count ? chapters[i + 1].StartSeconds : last;
            end = Math.Min(end > start ? end : next, Math.Min(next, last));
            if (end > start && end < double.MaxValue)
                kept.Add(chapters[i] with { EndSeconds = end });
        }

        return kept.Count > 0 ? kept.ToImmutable() : null;
    }

    static string InOneLine(string title)
    {
        var plain = string.Concat(title.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (plain.Length <= MaxTitle)
            return plain;
        // Not between the two halves of a character.
        return plain[..(char.IsHighSurrogate(plain[MaxTitle - 1]) ? MaxTitle - 1 : MaxTitle)].TrimEnd();
    }
}
