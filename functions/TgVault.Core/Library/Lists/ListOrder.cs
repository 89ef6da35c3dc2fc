using System.Collections.Immutable;
using System.Globalization;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Where a video stands in an order, as a key: tables give rows by their keys and in no other order. Keys are stored, so a change of how
/// they are made is another <see cref="Indexing.Version"/>.
/// </summary>
static class ListOrder
{
    // 16 digits: ten petabytes, and more milliseconds than there were years.
    const long Most = 9_999_999_999_999_999;

    // Comes behind all numbers, whichever way they go.
    const string Unknown = "none";

    /// <summary>Those that are lists of their own: all but that of the ids.</summary>
    public static ImmutableArray<VideoOrder> Kept { get; } = [.. Enum.GetValues<VideoOrder>().Where(order => order != VideoOrder.Newest)];

    /// <summary>What all keys of an order begin with: those of names have a partition of their own.</summary>
    public static string BeginningOf(VideoOrder order) =>
        order == VideoOrder.Name ? "" : order.ToString().ToLowerInvariant() + NameOrder.End;

    /// <summary>A video's key but for its id.</summary>
    public static string KeyOf(VideoOrder order, Video video) => BeginningOf(order) + PlaceOf(order, video) + NameOrder.End;

    /// <summary>Whether this is the key of some video in this order.</summary>
    public static bool IsKey(VideoOrder order, string text) =>
        text.StartsWith(BeginningOf(order), StringComparison.Ordinal) && NameOrder.IsKey(text[BeginningOf(order).Length..]);

    static string PlaceOf(VideoOrder order, Video video) =>
        order switch
        {
            VideoOrder.Name => NameOrder.Of(video.Details.Name),
            VideoOrder.Smallest => Ascending(video.Upload.SizeBytes),
            VideoOrder.Largest => Descending(video.Upload.SizeBytes),
            VideoOrder.Shortest => LengthOf(video) is { } length ? Ascending(length) : Unknown,
            VideoOrder.Longest => LengthOf(video) is { } length ? Descending(length) : Unknown,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "bug: ids are an order without keys"),
        };

    // In milliseconds, as people are told it; null of what does not play, or of which nothing is known yet.
    static long? LengthOf(Video video) =>
        (video.Files.Prepared?.Media ?? video.Inspection.Media)?.DurationSeconds is > 0 and var seconds
            ? (long)Math.Min(seconds * 1000, Most)
            : null;

    static string Ascending(long value) => Math.Clamp(value, 0, Most).ToString("D16", CultureInfo.InvariantCulture);

    static string Descending(long value) => Ascending(Most - Math.Clamp(value, 0, Most));
}
