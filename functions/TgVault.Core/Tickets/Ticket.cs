using System.Collections.Immutable;

namespace TgVault.Core.Tickets;

/// <summary>A permission to upload one file, for a page that has no API key. What is fixed here its holder cannot change.</summary>
/// <param name="Id">Names it; like a video's id, so that they sort newest first.</param>
/// <param name="Expires">Until when an upload may be begun with it.</param>
/// <param name="MostBytes">The largest file.</param>
public sealed record Ticket(string Id, DateTimeOffset Expires, long MostBytes)
{
    /// <summary>What the file may be: media types, <c>video/*</c>, or endings such as <c>.mp4</c>; none: anything.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>The video's folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The video's tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The video's description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The file that it was used for; null where it was not.</summary>
    public TicketUse? Use { get; init; }

    /// <summary>Whether a file of this name and media type is among <see cref="Types"/>, as far as these say.</summary>
    public bool Allows(string name, string contentType) =>
        Types.IsEmpty || Types.Any(type => type[0] == '.' ? EndsWith(name, type) : IsOf(contentType, type));

    static bool EndsWith(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    static bool IsOf(string contentType, string type)
    {
        var given = contentType.Split(';')[0].Trim();
        return type.EndsWith("/*", StringComparison.Ordinal)
            ? given.StartsWith(type[..^1], StringComparison.OrdinalIgnoreCase)
            : given.Equals(type, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What a ticket was used for.</summary>
/// <param name="Video">The video that the file became.</param>
/// <param name="Name">Of the file, as it is kept.</param>
/// <param name="SizeBytes">Of the file.</param>
/// <param name="IsAnnounced">Whether the video's row was written; where it is gone since, the video was removed.</param>
public sealed record TicketUse(VideoId Video, string Name, long SizeBytes, bool IsAnnounced);

/// <summary>A ticket just made. <paramref name="Text"/> is what its holder brings, told this once and kept nowhere.</summary>
public sealed record MadeTicket(Ticket Ticket, string Text);
