using System.Collections.Immutable;

namespace TgVault.Core.Replicas.Copies;

/// <summary>Looks at the copies of a video's documents, in the channels and in the replicas, and mends what can be mended.</summary>
public interface ICopyChecks
{
    /// <summary>Looks at some of the chunks of a video, as long as the request says, and behind the last one at its manifest.</summary>
    /// <returns>What was found; null where there is no such video, or it is not stored.</returns>
    Task<CopyReport?> RunAsync(VideoId id, CopyRequest request, CancellationToken cancellationToken);
}

/// <summary>Looks at the catalogue wherever it is, and mends it.</summary>
public interface ICatalogueChecks
{
    /// <summary>Reads and opens the newest catalogue and every segment, in channel and replicas, and looks at the pins.</summary>
    /// <param name="mends">Whether what is lost is made anew.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<CopyReport> RunAsync(bool mends, CancellationToken cancellationToken);
}

/// <summary>How much of each copy is looked at.</summary>
public enum CopyDepth
{
    /// <summary>
    /// Of copies in replicas, whether they are there: the header where reading is cheap, the length elsewhere. Those in the channels are
    /// taken to be.
    /// </summary>
    Listed,

    /// <summary>
    /// The header of every copy: whether it is there, and the one that was sealed. One in the archive tier is taken to be.
    /// </summary>
    Header,

    /// <summary>All of every copy: it is read past every cache, and each block opened.</summary>
    Whole,
}

/// <summary>How a copy is.</summary>
public enum CopyState
{
    /// <summary>It is there; looked at as a whole, it opened.</summary>
    Good,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>What is there is not what was sealed: tampered with, cut, or rotten.</summary>
    Damaged,

    /// <summary>The file's key does not open with the vault's: nothing can be said of its bytes.</summary>
    WrongKey,

    /// <summary>It is there, as long as it should be, in the archive tier: nobody can read it before it was brought back.</summary>
    Archived,

    /// <summary>It was not looked at, for Telegram asks to wait.</summary>
    Throttled,

    /// <summary>It was not looked at, for Telegram or the replica could not be reached.</summary>
    Unreachable,
}

/// <summary>A part of all chunks: every chunk of every video is in one of so many.</summary>
/// <param name="Part">From 1.</param>
/// <param name="Of">How many parts there are, up to <see cref="Most"/>.</param>
public readonly record struct ChunkShare(int Part, int Of)
{
    /// <summary>The most parts.</summary>
    public const int Most = 1000;

    /// <summary>Whether that chunk is in it. The same on every machine and for ever.</summary>
    internal bool Has(VideoId video, ChunkNumber number)
    {
        // FNV-1a: videos of one chunk are to be in all shares alike.
        var hash = 2166136261u;
        foreach (var letter in video.ToString())
            hash = (hash ^ letter) * 16777619;
        return (int)((hash + (ulong)(uint)number.Value) % (uint)Of) == Part - 1;
    }
}

/// <summary>What is to be looked at.</summary>
public sealed record CopyRequest
{
    /// <summary>How much of each copy.</summary>
    public CopyDepth Depth { get; init; }

    /// <summary>Whether copies that are missing or damaged are made anew from good ones.</summary>
    public bool Mends { get; init; } = true;

    /// <summary>So many chunks were looked at before: where the last report said to go on.</summary>
    public int From { get; init; }

    /// <summary>Only chunks of this share; null for all.</summary>
    public ChunkShare? Share { get; init; }

    /// <summary>Only what an earlier look found missing or damaged in a channel.</summary>
    public bool OnlySuspects { get; init; }

    /// <summary>When it ends with a part done, to be asked again.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>What was found. Of the places the first is Telegram, then come the replicas in the order of the settings.</summary>
public sealed record CopyReport
{
    /// <summary>Where to go on; null where all was looked at.</summary>
    public int? Next { get; init; }

    /// <summary>Chunks that were looked at.</summary>
    public int Chunks { get; init; }

    /// <summary>What these hold, before sealing.</summary>
    public long Bytes { get; init; }

    /// <summary>What was found in each place.</summary>
    public ImmutableArray<PlaceTally> Places { get; init; } = [];

    /// <summary>What is not good, at most some hundred of a call.</summary>
    public ImmutableArray<CopyFinding> Findings { get; init; } = [];

    /// <summary>Chunks that have one good copy, or none, where there should be more.</summary>
    public int OneCopy { get; init; }

    /// <summary>Telegram asks to wait so long before going on.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>When what is suspected should be looked at again: nothing is called lost on one proof.</summary>
    public TimeSpan? LookAgain { get; init; }

    /// <summary>Why it ended early; empty where it did not.</summary>
    public string Stopped { get; init; } = "";
}

/// <summary>How many documents of a place are how.</summary>
public sealed class PlaceTally(string place)
{
    /// <summary>What people call it: Telegram, or a replica's place.</summary>
    public string Place => place;

    public int Good { get; internal set; }
    public int Missing { get; internal set; }
    public int Damaged { get; internal set; }
    public int WrongKey { get; internal set; }
    public int Unchecked { get; internal set; }

    /// <summary>Made anew, of those that were missing or damaged.</summary>
    public int Mended { get; internal set; }

    internal void Count(CopyState state)
    {
        switch (state)
        {
            case CopyState.Good:
                Good++;
                break;
            case CopyState.Missing:
                Missing++;
                break;
            case CopyState.Damaged:
                Damaged++;
                break;
            case CopyState.WrongKey:
                WrongKey++;
                break;
            default:
                Unchecked++;
                break;
        }
    }
}

/// <summary>A copy that is not good.</summary>
/// <param name="Document"><c>manifest</c>, or <c>chunk</c> and its number; of a catalogue <c>catalogue</c>, <c>pin</c>, or
/// <c>segment</c> and where the vault's channels have it.</param>
/// <param name="Place">Where.</param>
/// <param name="State">How it is.</param>
/// <param name="Reason">One sentence for a person.</param>
/// <param name="IsMended">Whether a good one took its place.</param>
/// <param name="IsSuspected">Whether this is the first look that found it so.</param>
public sealed record CopyFinding(string Document, string Place, CopyState State, string Reason, bool IsMended, bool IsSuspected);
