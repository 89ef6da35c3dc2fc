namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Unpacked pages of the indexes in use, so that most segments unpack nothing. Bounded in bytes over all of them: the page that was used
/// longest ago goes first, and an index that is let go takes its pages along. For any number of threads.
/// </summary>
/// <param name="maxBytes">The bound, with what it takes to find the pages.</param>
sealed class PageCache(long maxBytes)
{
    /// <summary>Some 160 places at which films are being watched.</summary>
    public const long DefaultBytes = 8 << 20;

    // An entry of the dictionary and a node of the list.
    const int PlaceBytes = 160;

    readonly Lock _gate = new();
    readonly Dictionary<(Mp4Index Index, int Number), LinkedListNode<Kept>> _pages = [];
    readonly LinkedList<Kept> _oldestFirst = [];
    long _keptBytes;
    long _unpackedCount;

    /// <summary>Memory for pages now, in bytes; never above the bound.</summary>
    public long KeptBytes
    {
        get
        {
            lock (_gate)
                return _keptBytes;
        }
    }

    /// <summary>How many pages it had to unpack so far.</summary>
    public long UnpackedCount => Interlocked.Read(ref _unpackedCount);

    /// <summary>From here on, pages of this index are kept.</summary>
    public void Add(Mp4Index index)
    {
        lock (_gate)
            index.PageCache = this;
    }

    /// <summary>Frees the pages of this index. Who still reads from it unpacks its pages each time.</summary>
    public void Remove(Mp4Index index)
    {
        lock (_gate)
        {
            index.PageCache = null;
            for (var number = 0; number < index.Pages.Length; number++)
            {
                if (_pages.TryGetValue((index, number), out var node))
                    Drop(node);
            }
        }
    }

    /// <exception cref="MediaException">The page cannot be read.</exception>
    public SamplePage Get(Mp4Index index, int number)
    {
        lock (_gate)
        {
            if (_pages.TryGetValue((index, number), out var node))
            {
                _oldestFirst.Remove(node);
                _oldestFirst.AddLast(node);
                return node.Value.Page;
            }
        }

        // Two who ask at once may both unpack it: that is less than one would wait for the other.
        Interlocked.Increment(ref _unpackedCount);
        var page = SamplePage.Unpack(index.Pages[number]);
        lock (_gate)
        {
            if (index.PageCache == this && !_pages.ContainsKey((index, number)))
                Keep(index, number, page);
        }

        return page;
    }

    void Keep(Mp4Index index, int number, SamplePage page)
    {
        var node = _oldestFirst.AddLast(new Kept(index, number, page, PlaceBytes + page.MemoryBytes));
        _pages.Add((index, number), node);
        _keptBytes += node.Value.Bytes;
        while (_keptBytes > maxBytes && _oldestFirst.First is { } oldest)
            Drop(oldest);
    }

    void Drop(LinkedListNode<Kept> node)
    {
        _oldestFirst.Remove(node);
        _pages.Remove((node.Value.Index, node.Value.Number));
        _keptBytes -= node.Value.Bytes;
    }

    readonly record struct Kept(Mp4Index Index, int Number, SamplePage Page, long Bytes);
}
