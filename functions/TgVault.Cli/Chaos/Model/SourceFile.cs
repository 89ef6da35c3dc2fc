namespace TgVault.Cli.Chaos.Model;

/// <summary>What a file of the run is.</summary>
enum SourceKind
{
    /// <summary>A film with moov first and noise in a free box behind: stored as it is.</summary>
    Film,

    /// <summary>A film with moov last and noise in mdat: stored with moov first.</summary>
    MoovLast,

    /// <summary>Noise: kept as a file.</summary>
    Bytes,
}

/// <summary>A file that is uploaded, and what the vault has to store of it: every byte is computed where it is wanted.</summary>
sealed class SourceFile
{
    readonly FilePiece[] _uploaded;
    readonly FilePiece[] _stored;

    SourceFile(SourceKind kind, FilePiece[] uploaded, FilePiece[] stored)
    {
        Kind = kind;
        _uploaded = uploaded;
        _stored = stored;
        LengthBytes = uploaded.Sum(piece => piece.LengthBytes);
        StoredBytes = stored.Sum(piece => piece.LengthBytes);
    }

    public SourceKind Kind { get; }

    /// <summary>Of the upload.</summary>
    public long LengthBytes { get; }

    /// <summary>Of what plays.</summary>
    public long StoredBytes { get; }

    public bool IsFilm => Kind != SourceKind.Bytes;

    /// <summary>A file of about so many bytes; films are never smaller than the clip they begin with.</summary>
    public static SourceFile Make(SourceKind kind, long lengthBytes, ulong seed)
    {
        var noise = new FilePiece([], Math.Max(1, lengthBytes - (kind == SourceKind.Bytes ? 0 : SourceClip.LengthBytes)), seed);
        switch (kind)
        {
            case SourceKind.Film:
                FilePiece[] film = [SourceClip.Whole, SourceClip.FreeHeader(noise.LengthBytes), noise];
                return new SourceFile(kind, film, film);
            case SourceKind.MoovLast:
                FilePiece[] media = [SourceClip.MediaHeader(noise.LengthBytes), SourceClip.Media, noise];
                return new SourceFile(
                    kind,
                    [SourceClip.Type, .. media, SourceClip.MovieWith(moovFirst: false)],
                    [SourceClip.Type, SourceClip.MovieWith(moovFirst: true), .. media]
                );
            default:
                return new SourceFile(kind, [noise], [noise]);
        }
    }

    /// <summary>Bytes as they are uploaded.</summary>
    public void Read(long offset, Span<byte> destination) => FilePiece.Read(_uploaded, offset, destination);

    /// <summary>Bytes as they play.</summary>
    public void ReadStored(long offset, Span<byte> destination) => FilePiece.Read(_stored, offset, destination);
}

/// <summary>A run of bytes: these, or so many of the noise of a seed.</summary>
sealed record FilePiece(byte[] Bytes, long LengthBytes, ulong Seed)
{
    public static FilePiece Of(byte[] bytes) => new(bytes, bytes.Length, 0);

    public static void Read(FilePiece[] pieces, long offset, Span<byte> destination)
    {
        foreach (var piece in pieces)
        {
            if (offset >= piece.LengthBytes)
            {
                offset -= piece.LengthBytes;
                continue;
            }

            var count = (int)Math.Min(destination.Length, piece.LengthBytes - offset);
            if (piece.Bytes.Length > 0)
                piece.Bytes.AsSpan((int)offset, count).CopyTo(destination);
            else
                Noise.Fill(piece.Seed, offset, destination[..count]);
            destination = destination[count..];
            offset = 0;
            if (destination.IsEmpty)
                return;
        }

        if (!destination.IsEmpty)
            throw new ArgumentOutOfRangeException(nameof(offset), "bug: beyond the end of a file");
    }
}
