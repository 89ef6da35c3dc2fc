using System.Collections.Concurrent;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Kill;

/// <summary>A file on its way into the vault, and what the vault has acknowledged of it.</summary>
internal sealed class KilledUpload(string id, string name, byte[] content, int blockBytes)
{
    public string Id => id;

    public string Name => name;

    public byte[] Content => content;

    /// <summary>What its URL was when it was announced or renewed last.</summary>
    public required Uri Url { get; set; }

    public int Blocks => (content.Length + blockBytes - 1) / blockBytes;

    /// <summary>Blocks that were answered with 201. One worker at a time sends an upload.</summary>
    public HashSet<int> Arrived { get; } = [];

    /// <summary>The block list was answered with 201.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>The block list was sent: it may have been taken without an answer.</summary>
    public bool MayBeCommitted { get; set; }

    /// <summary>What the last edit that was answered set, and what one wanted that was cut off.</summary>
    public string Description { get; set; } = "";

    public string? DescriptionUnderWay { get; set; }

    public ReadOnlyMemory<byte> Block(int number) =>
        content.AsMemory(number * blockBytes, Math.Min(blockBytes, content.Length - (number * blockBytes)));
}

/// <summary>What the vault has acknowledged, over all rounds: it must be there after every kill.</summary>
internal sealed class KillLedger
{
    readonly Signal _acknowledged = new();
    int _count;

    public ConcurrentDictionary<string, KilledUpload> Uploads { get; } = new();

    public int Acknowledgements => Volatile.Read(ref _count);

    public void Acknowledge()
    {
        Interlocked.Increment(ref _count);
        _acknowledged.Raise();
    }

    /// <summary>Waits until so many more are acknowledged: the moment of a kill depends on what was done, not on a clock.</summary>
    public Task UntilAsync(int count, CancellationToken cancellationToken) =>
        _acknowledged.UntilAsync(() => Acknowledgements >= count).WaitAsync(cancellationToken);
}
