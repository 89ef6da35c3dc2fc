namespace TgVault.Core.Staging.Folder;

/// <summary>
/// The ledgers of uploads that are under way. One that was not used for long is forgotten and read again when it is asked for.
/// </summary>
sealed class UploadLedgers
{
    /// <summary>One of an upload in 50,000 blocks takes 8 MB.</summary>
    const int Most = 16;

    readonly Lock _lock = new();
    readonly LinkedList<(string Path, UploadLedger Ledger)> _oldestFirst = [];

    /// <summary>The ledger of what was staged upon that version. In turn.</summary>
    public UploadLedger Of(BlobFolder blob, string tag)
    {
        lock (_lock)
        {
            if (Find(blob) is { } known)
            {
                _oldestFirst.Remove(known);
                if (known.Value.Ledger.Tag == tag)
                {
                    _oldestFirst.AddLast(known);
                    return known.Value.Ledger;
                }
            }
        }

        var ledger = new UploadLedger(blob, tag);
        lock (_lock)
        {
            _oldestFirst.AddLast((blob.Path, ledger));
            for (var one = _oldestFirst.First; _oldestFirst.Count > Most && one is not null; )
            {
                var next = one.Next;
                if (one.Value.Ledger.IsIdle && one.Value.Ledger != ledger)
                    _oldestFirst.Remove(one);
                one = next;
            }
        }

        return ledger;
    }

    /// <summary>What is staged was removed. In turn.</summary>
    public void Forget(BlobFolder blob)
    {
        lock (_lock)
        {
            if (Find(blob) is { } known)
                _oldestFirst.Remove(known);
        }
    }

    LinkedListNode<(string Path, UploadLedger Ledger)>? Find(BlobFolder blob)
    {
        for (var one = _oldestFirst.First; one is not null; one = one.Next)
        {
            if (one.Value.Path == blob.Path)
                return one;
        }

        return null;
    }
}
