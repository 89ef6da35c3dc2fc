namespace TgVault.Core.Staging.Folder;

/// <summary>
/// Which blocks of one upload wait to be committed, and how much is on its way. Kept in memory because a film has thousands of them, and
/// each new one is held against all. Used in turn only (<see cref="StagingFolder.EnterAsync"/>).
/// </summary>
sealed class UploadLedger
{
    /// <summary>As many as Azure lets wait.</summary>
    const int MostBlocks = 100_000;

    /// <summary>A client that lost its place sends all again under other ids, and may do so twice.</summary>
    const int MostTimes = 3;

    readonly Dictionary<string, long> _blocks;
    long _stagedBytes;
    long _arrivingBytes;

    /// <summary>Reads what is there.</summary>
    /// <param name="blob">The upload's.</param>
    /// <param name="tag">The newest version.</param>
    public UploadLedger(BlobFolder blob, string tag)
    {
        Tag = tag;
        _blocks = blob.BlockFiles()
            .Select(file => (Id: BlobFolder.IdStagedUpon(tag, file.Name), file.Length))
            .Where(block => block.Id is not null)
            .ToDictionary(block => block.Id!, block => block.Length, StringComparer.Ordinal);
        _stagedBytes = _blocks.Values.Sum();
    }

    /// <summary>The version upon which these were staged.</summary>
    public string Tag { get; }

    public bool IsIdle => _arrivingBytes == 0;

    /// <summary>The block's length; null where it does not wait.</summary>
    public long? LengthOf(string idHex) => _blocks.TryGetValue(idHex, out var length) ? length : null;

    /// <summary>
    /// Lets so many bytes begin to arrive. Three times what was announced may lie here: what a client sent before goes only when it
    /// commits.
    /// </summary>
    /// <param name="idHex">Null for a whole blob.</param>
    /// <param name="lengthBytes">How many arrive.</param>
    /// <param name="announcedBytes">How long the upload is to be.</param>
    /// <exception cref="UploadRefusedException">They are too many.</exception>
    public void Begin(string? idHex, long lengthBytes, long announcedBytes)
    {
        var replaced = 0L;
        if (idHex is not null)
        {
            if (!_blocks.TryGetValue(idHex, out replaced) && _blocks.Count >= MostBlocks)
                throw new UploadRefusedException(UploadRefusal.TooManyBlocks, $"More than {MostBlocks} blocks wait to be committed.");
            if (_blocks.Count > 0 && _blocks.Keys.First().Length != idHex.Length)
                throw new UploadRefusedException(UploadRefusal.InvalidBlock, "All block ids of an upload must have one length.");
        }

        var room = MostTimes * announcedBytes;
        var needed = _stagedBytes - replaced + lengthBytes;
        if (lengthBytes > announcedBytes || needed > room)
            throw new UploadRefusedException(
                UploadRefusal.TooLarge,
                $"This upload was announced with {announcedBytes} bytes, and more than that has come. Announce the file anew."
            );
        if (needed + _arrivingBytes > room)
            throw new UploadRefusedException(
                UploadRefusal.Busy,
                "So many bytes are on their way to this upload that this request has to wait."
            );
        _arrivingBytes += lengthBytes;
    }

    /// <summary>What began to arrive is there, or will not come.</summary>
    public void End(long lengthBytes) => _arrivingBytes -= lengthBytes;

    public void Add(string idHex, long lengthBytes)
    {
        _stagedBytes += lengthBytes - _blocks.GetValueOrDefault(idHex);
        _blocks[idHex] = lengthBytes;
    }
}
