using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>One call of a check, while it runs: its video, its places, and what it found so far.</summary>
sealed class CopyRun
{
    const int MostFindings = 200;

    readonly List<CopyFinding> _findings = [];
    readonly PlaceTally[] _tallies;
    int _chunks;
    long _bytes;
    int _oneCopy;

    readonly HashSet<int> _givenUp = [];
    readonly HashSet<int> _outOfReach = [];

    public CopyRun(Video video, CopyRequest request, ImmutableArray<BoundReplica> replicas)
    {
        Video = video;
        Request = request;
        Replicas = replicas;
        _tallies = [new PlaceTally(ChunkCopies.Telegram), .. replicas.Select(replica => new PlaceTally(replica.Place))];
    }

    public Video Video { get; }

    public CopyRequest Request { get; }

    public ImmutableArray<BoundReplica> Replicas { get; }

    /// <summary>Whether that replica was there, and has taken what it was given.</summary>
    public bool IsUsable(int replica) => !_givenUp.Contains(replica);

    public void GiveUp(int replica) => _givenUp.Add(replica);

    public Dictionary<string, DateTimeOffset> Suspects { get; init; } = [];

    public int? Next { get; set; }

    public TimeSpan? Wait { get; set; }

    public TimeSpan? LookAgain { get; set; }

    public string Stopped { get; set; } = "";

    /// <summary>Chunks whose documents in the channels were posted anew.</summary>
    public int Posted { get; set; }

    public bool IsFull => _findings.Count >= MostFindings;

    public PlaceTally TallyOf(int place) => _tallies[place];

    public void CountChunk(int lengthBytes)
    {
        _chunks++;
        _bytes += lengthBytes;
    }

    /// <summary>A copy that was looked at, in the place of this index: 0 is Telegram.</summary>
    public void Add(string document, int place, CopyLook look, bool isMended, bool isSuspected)
    {
        _tallies[place].Count(look.State);
        if (isMended)
            _tallies[place].Mended++;
        // Of a place that cannot be reached one is enough.
        var isOfPlace = look.State is CopyState.Throttled or CopyState.Unreachable or CopyState.Archived;
        if (look.State != CopyState.Good && (!isOfPlace || _outOfReach.Add(place)))
            _findings.Add(new CopyFinding(document, _tallies[place].Place, look.State, look.Reason, isMended, isSuspected));
    }

    /// <summary>Says how many good copies a document has now.</summary>
    public void CountCopies(int good)
    {
        if (good < 2 && Replicas.Length > 0)
            _oneCopy++;
    }

    public CopyReport Report() =>
        new()
        {
            Next = Next,
            Chunks = _chunks,
            Bytes = _bytes,
            Places = [.. _tallies],
            Findings = [.. _findings],
            OneCopy = _oneCopy,
            Wait = Wait,
            LookAgain = LookAgain,
            Stopped = Stopped,
        };
}
