namespace TgVault.Core.Mp4.Boxes;

/// <summary>
/// Walks the boxes that lie side by side in <c>bytes</c>, forward only. It never descends, so how deep a file nests does not matter.
/// </summary>
ref struct BoxCursor(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _next;

    /// <summary>The box the cursor is on.</summary>
    public BoxHeader Header { get; private set; }

    public readonly BoxType Type => Header.Type;

    /// <summary>Where the box begins in the bytes walked.</summary>
    public int Start { get; private set; }

    /// <summary>Where the box's payload begins in the bytes walked.</summary>
    public readonly int PayloadStart => Start + Header.HeaderBytes;

    public readonly ReadOnlySpan<byte> Payload => _bytes[PayloadStart.._next];

    /// <summary>
    /// False at the end. QuickTime ends some containers with four zero bytes: fewer bytes than a header are taken as such an end.
    /// </summary>
    /// <exception cref="MediaException">A size does not fit.</exception>
    public bool MoveNext()
    {
        var rest = _bytes[_next..];
        if (rest.Length < BoxHeader.MinBytes)
            return false;
        Header = BoxHeader.Read(rest, rest.Length, topLevel: false);
        Start = _next;
        _next += (int)Header.SizeBytes;
        return true;
    }
}
