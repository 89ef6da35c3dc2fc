using System.Collections.Immutable;

namespace TgVault.Core.Videos;

/// <summary>The bytes that get chunked, as pieces of blobs in order, and what they hold.</summary>
public sealed record PreparedFile
{
    public required ImmutableArray<Extent> Extents { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>What players are told it is: <c>video/mp4</c> for a playable file, the upload's own type otherwise.</summary>
    public required string ContentType { get; init; }

    /// <summary>Null for a file that is not media.</summary>
    public MediaSummary? Media { get; init; }
}
