using System.Collections.Immutable;

namespace TgVault.Core.Staging.Folder;

/// <summary>Bytes that a client sends.</summary>
/// <param name="Body">Read once, to <paramref name="LengthBytes"/>.</param>
/// <param name="LengthBytes">How many there are.</param>
public sealed record UploadContent(Stream Body, long LengthBytes)
{
    /// <summary>
    /// For how long nothing may come. A phone between two masts is quiet for a while; one that is gone would hold its place.
    /// </summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>16 bytes, where the client sent a checksum.</summary>
    public ReadOnlyMemory<byte>? Md5 { get; init; }

    /// <summary>8 bytes, where the client sent a checksum.</summary>
    public ReadOnlyMemory<byte>? Crc64 { get; init; }
}

/// <summary>Where a block list says that a block is to be looked for.</summary>
public enum BlockSource
{
    Committed,
    Uncommitted,

    /// <summary>Uncommitted; committed where there is none.</summary>
    Latest,
}

/// <summary>One line of a block list.</summary>
/// <param name="Id">In base64, as the client wrote it.</param>
public readonly record struct ListedBlock(BlockSource Source, string Id);

/// <summary>An upload to which something is written.</summary>
/// <param name="Name">The blob's.</param>
/// <param name="AnnouncedBytes">How long it was announced: it becomes a blob at exactly this length.</param>
/// <param name="IsTakenUp">
/// The vault has begun to store it. Then only a commit that changes nothing is taken: its first answer was lost on the way.
/// </param>
public sealed record UploadTarget(string Name, long AnnouncedBytes, bool IsTakenUp);

/// <summary>Conditions of a write (RFC 9110 §13.1); those that are not set hold.</summary>
public sealed record WriteConditions
{
    public static WriteConditions None { get; } = new();

    /// <summary>ETags, or <c>*</c>; null where there is no condition.</summary>
    public ImmutableArray<string>? IfMatch { get; init; }

    /// <inheritdoc cref="IfMatch"/>
    public ImmutableArray<string>? IfNoneMatch { get; init; }

    public DateTimeOffset? IfModifiedSince { get; init; }

    public DateTimeOffset? IfUnmodifiedSince { get; init; }

    internal void Check(BlobVersion? newest)
    {
        if (newest is not null && IfNoneMatch is ["*"])
            throw new UploadRefusedException(UploadRefusal.AlreadyExists, "The blob is there already.");
        var holds =
            (IfMatch is not { } match || (newest is not null && Names(match, newest)))
            && (IfNoneMatch is not { } noneMatch || newest is null || !Names(noneMatch, newest))
            // Dates in headers have no fractions.
            && (IfModifiedSince is not { } modified || newest is null || Seconds(newest) > modified)
            && (IfUnmodifiedSince is not { } unmodified || newest is null || Seconds(newest) <= unmodified);
        if (!holds)
            throw new UploadRefusedException(
                UploadRefusal.ConditionNotMet,
                "The blob is not the version that the request's condition asks for."
            );
    }

    static bool Names(ImmutableArray<string> tags, BlobVersion newest) => tags.Contains("*") || tags.Contains(newest.ETag);

    static DateTimeOffset Seconds(BlobVersion newest) => DateTimeOffset.FromUnixTimeSeconds(newest.Modified.ToUnixTimeSeconds());
}
