using System.Buffers.Binary;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// What tells that samples are encrypted: the protection information in a sample entry (sinf, ISO 14496-12 §8.12), what lies beside samples
/// for decrypting them (senc, ISO 23001-7 §7.2), the boxes that PIFF had for it, and Apple's own sample entries. Nothing of them is
/// decrypted; a player without the keys shows noise.
/// </summary>
static class Protection
{
    // More than any writer's first fragment takes.
    const int MaxMoofBytes = 1 << 20;
    const int UserTypeBytes = 16;

    // PIFF 1.1 §5.3.2: sample encryption.
    static readonly ImmutableArray<byte> PiffSamples = [.. Convert.FromHexString("A2394F525A9B4F14A2446C427C648DF4")];

    /// <summary>Whether a sample entry says that what it is of is encrypted.</summary>
    public static bool IsIn(BoxType entry, ReadOnlyMemory<byte> payload) =>
        entry.ToString().StartsWith("drm", StringComparison.Ordinal) || HasInformation(payload.Span);

    /// <summary>Whether sample tables (stbl) or a track's fragment (traf) have what decrypting needs for any sample.</summary>
    public static bool IsBeside(ReadOnlyMemory<byte> tables) =>
        TrackSurvey.AllBoxes(tables).Exists(box => IsOfSamples(box.Type, box.Payload.Span));

    /// <summary>Whether the first fragment has what decrypting needs.</summary>
    public static async Task<bool> IsInFragmentsAsync(Mp4Layout layout, ReadRange read, CancellationToken cancellationToken)
    {
        if (!layout.IsFragmented || layout.Boxes[^1] is not { LengthBytes: <= MaxMoofBytes } first)
            return false;
        var moof = new byte[first.LengthBytes - first.HeaderBytes];
        await read(first.PayloadOffset, moof, cancellationToken);
        return TrackSurvey.AllBoxes(moof).Exists(box => box.Type == BoxType.Traf && IsBeside(box.Payload));
    }

    // Where it lies depends on the kind of entry, and QuickTime has several, so it is looked for by its letters; the size has to fit.
    static bool HasInformation(ReadOnlySpan<byte> entry)
    {
        var letters = "sinf"u8;
        for (var at = entry.IndexOf(letters); at >= 0; )
        {
            if (
                at >= 4
                && BinaryPrimitives.ReadUInt32BigEndian(entry[(at - 4)..]) is >= BoxHeader.MinBytes and var size
                && size <= entry.Length - at + 4
            )
                return true;
            var next = entry[(at + 4)..].IndexOf(letters);
            at = next < 0 ? -1 : at + 4 + next;
        }

        return false;
    }

    static bool IsOfSamples(BoxType type, ReadOnlySpan<byte> payload)
    {
        if (type == BoxType.Uuid)
        {
            if (!payload.StartsWith(PiffSamples.AsSpan()))
                return false;
            payload = payload[UserTypeBytes..];
        }
        else if (type != BoxType.Senc)
        {
            return false;
        }

        // PIFF may have fields of its own before the count (flag 1).
        const int ownFields = 20;
        var head = payload.Length >= 4 && (payload[3] & 1) != 0 && type == BoxType.Uuid ? 4 + ownFields : 4;
        return payload.Length >= head + 4 && BinaryPrimitives.ReadUInt32BigEndian(payload[head..]) > 0;
    }
}
