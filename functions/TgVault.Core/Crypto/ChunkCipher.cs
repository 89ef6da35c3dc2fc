namespace TgVault.Core.Crypto;

/// <summary>
/// Seals and opens the blocks of one chunk (FORMAT.md, "Chunk"). The key is HKDF-SHA256 of the data key with the chunk's random salt,
/// its identity and its length. So no nonce meets the same key twice, even where an activity runs twice, and bytes of another chunk do
/// not open. One thread at a time may use it.
/// </summary>
sealed class ChunkCipher : IDisposable
{
    static ReadOnlySpan<byte> ChunkInfo => "tgvault/v1/chunk"u8;

    readonly BlockCipher _blocks;
    readonly ChunkIdentity _identity;
    readonly byte[]? _header;
    readonly byte[] _salt;
    readonly int _plainBytes;
    readonly KeyRing? _labelKeys;

    ChunkCipher(BlockCipher blocks, ChunkIdentity identity, byte[] salt, byte[]? header, int plainBytes, KeyRing? labelKeys = null)
    {
        _blocks = blocks;
        _identity = identity;
        _salt = salt;
        _header = header;
        _plainBytes = plainBytes;
        _labelKeys = labelKeys;
    }

    /// <summary>The chunk's plaintext length.</summary>
    public int PlainBytes => _plainBytes;

    /// <summary>The chunk's first <see cref="SealedChunk.HeaderBytes"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">This cipher was made to open only.</exception>
    public ReadOnlySpan<byte> Header => _header ?? throw new InvalidOperationException("A cipher made to open has no header: a bug.");

    /// <summary>For sealing, and for opening where the header is to be compared as well.</summary>
    /// <param name="dataKey">The file's key; stays the caller's.</param>
    /// <param name="vaultKey">The vault key that the label in the header is sealed under; stays the caller's.</param>
    /// <param name="identity">Which chunk this is.</param>
    /// <param name="salt">32 bytes: fresh random ones to seal, the recorded ones to open.</param>
    /// <param name="plainBytes">The chunk's plaintext length.</param>
    public static ChunkCipher Create(DataKey dataKey, VaultKey vaultKey, ChunkIdentity identity, ReadOnlySpan<byte> salt, int plainBytes)
    {
        var header = new byte[SealedChunk.HeaderBytes];
        var blocks = DeriveBlocks(dataKey, identity, salt, plainBytes);
        ChunkHeader.Write(header, vaultKey, new ChunkLabel(identity, plainBytes), salt);
        return new ChunkCipher(blocks, identity, salt.ToArray(), header, plainBytes);
    }

    /// <summary>For opening blocks alone: needs no vault key, so a video plays on whichever version its key is wrapped under now.</summary>
    /// <inheritdoc cref="Create"/>
    public static ChunkCipher CreateToOpen(DataKey dataKey, ChunkIdentity identity, ReadOnlySpan<byte> salt, int plainBytes) =>
        new(DeriveBlocks(dataKey, identity, salt, plainBytes), identity, salt.ToArray(), null, plainBytes);

    /// <summary>
    /// For opening where the label is compared as well, under whichever version of the vault key it was sealed: that need not be the one
    /// that the data key is wrapped under now, only in the ring.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    public static ChunkCipher CreateToCheck(
        DataKey dataKey,
        KeyRing vaultKeys,
        ChunkIdentity identity,
        ReadOnlySpan<byte> salt,
        int plainBytes
    ) => new(DeriveBlocks(dataKey, identity, salt, plainBytes), identity, salt.ToArray(), null, plainBytes, vaultKeys);

    /// <summary>Opens block <paramref name="block"/>, given as ciphertext and tag, into <paramref name="destination"/>.</summary>
    /// <exception cref="IntegrityException">
    /// These are not the bytes that were sealed as this block of this chunk; the destination is zeroed.
    /// </exception>
    public void OpenBlock(int block, ReadOnlySpan<byte> sealedBlock, Span<byte> destination)
    {
        if (!_blocks.TryOpen(block, sealedBlock, destination))
            throw Damaged(block);
    }

    /// <summary>Seals blocks from <paramref name="first"/> on, each behind the one before.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="plaintext">Whole blocks; the chunk's last may be shorter.</param>
    /// <param name="destination">Gets ciphertext and tag of each.</param>
    public void SealBlocks(int first, ReadOnlySpan<byte> plaintext, Span<byte> destination) =>
        _blocks.SealRun(first, plaintext, destination);

    /// <summary>
    /// Opens blocks from <paramref name="first"/> on, each where it lies: its plaintext takes the place of its ciphertext.
    /// </summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="sealedBlocks">Ciphertext and tag of each, as <see cref="SealBlocks"/> wrote them.</param>
    /// <exception cref="IntegrityException">These are not the bytes that were sealed as these blocks; they are zeroed.</exception>
    public void OpenBlocksInPlace(int first, Span<byte> sealedBlocks)
    {
        if (_blocks.OpenRunInPlace(first, sealedBlocks) is { } block)
            throw Damaged(block);
    }

    /// <summary>Compares a chunk's header with the one that was sealed, as far as this cipher knows it.</summary>
    /// <exception cref="IntegrityException">It is another one.</exception>
    public void CheckHeader(ReadOnlySpan<byte> header)
    {
        if (_header is null ? !ChunkHeader.HasSalt(header, _salt) || !HasLabel(header) : !header.SequenceEqual(_header))
            throw new IntegrityException(
                $"The header of chunk {_identity.Number} of video {_identity.Video} is not the one that was sealed."
            );
    }

    /// <summary>
    /// Writes the whole sealed chunk, header first: exactly <see cref="SealedChunk.SealedLength"/> bytes. Only tests call it,
    /// for the vectors; ingest does the same piece by piece (<see cref="ChunkSealing"/>).
    /// </summary>
    internal void Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, _plainBytes, nameof(plaintext));
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, SealedChunk.SealedLength(_plainBytes), nameof(destination));
        Header.CopyTo(destination);
        SealBlocks(0, plaintext, destination[SealedChunk.HeaderBytes..]);
    }

    /// <summary>Opens a whole sealed chunk. Only tests call it, for the vectors; ingest does the same piece by piece.</summary>
    /// <exception cref="IntegrityException">Not the chunk that was sealed, or not all of it; the destination is zeroed.</exception>
    internal void Open(ReadOnlySpan<byte> sealedChunk, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, _plainBytes, nameof(destination));
        destination.Clear();
        if (sealedChunk.Length != SealedChunk.SealedLength(_plainBytes))
            throw new IntegrityException(
                $"Chunk {_identity.Number} of video {_identity.Video} has {sealedChunk.Length} bytes "
                    + $"and not the {SealedChunk.SealedLength(_plainBytes)} that were sealed."
            );
        CheckHeader(sealedChunk[..SealedChunk.HeaderBytes]);
        if (_blocks.OpenRun(0, sealedChunk[SealedChunk.HeaderBytes..], destination) is { } block)
            throw Damaged(block);
    }

    /// <summary>
    /// Reads which chunk a document is, with nothing but the vault key: for recovery, when the records are lost.
    /// Null where the bytes are no chunk header of this version or not sealed under this key.
    /// </summary>
    public static (ChunkIdentity Identity, int PlainBytes)? TryReadLabel(ReadOnlySpan<byte> header, VaultKey vaultKey) =>
        ChunkHeader.TryReadLabel(header, vaultKey) is { } label ? (label.Identity, label.PlainBytes) : null;

    public void Dispose() => _blocks.Dispose();

    static BlockCipher DeriveBlocks(DataKey dataKey, ChunkIdentity identity, ReadOnlySpan<byte> salt, int plainBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SealedChunk.SaltBytes, nameof(salt));
        ArgumentOutOfRangeException.ThrowIfNegative(identity.Number.Value);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(identity.Attempt);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(plainBytes);

        Span<byte> info = stackalloc byte[ChunkInfo.Length + ChunkLabel.SizeBytes];
        ChunkInfo.CopyTo(info);
        new ChunkLabel(identity, plainBytes).WriteTo(info[ChunkInfo.Length..]);
        Span<byte> bound = stackalloc byte[ChunkHeader.BoundBytes];
        ChunkHeader.WriteBound(bound, salt);
        return new BlockCipher(dataKey.Bytes, salt, info, bound, plainBytes);
    }

    bool HasLabel(ReadOnlySpan<byte> header) =>
        _labelKeys is null
        || (
            _labelKeys.Find(ChunkHeader.VaultKeyVersionOf(header)) is { } vaultKey
            && ChunkHeader.TryReadLabel(header, vaultKey) == new ChunkLabel(_identity, _plainBytes)
        );

    IntegrityException Damaged(int block) =>
        new(
            $"Block {block} (offset {(long)block * SealedChunk.BlockBytes}) of chunk {_identity.Number} of video {_identity.Video}, "
                + $"attempt {_identity.Attempt}, did not open: the stored bytes are not the ones that were sealed."
        );
}
