using System.Diagnostics;

namespace TgVault.Cli.Chaos.Model;

/// <summary>Where a video is for people.</summary>
enum Presence
{
    Kept,
    Trashed,
    Gone,
}

/// <summary>One video as it has to be, by all that the vault acknowledged. Who changes it takes its turn.</summary>
sealed class Film(string name, string folder, SourceFile source, FilmPlan plan) : IDisposable
{
    // What an instance remembers of rows and links is gone by then, as the documentation promises.
    static readonly TimeSpan LongestMemory = TimeSpan.FromSeconds(60);

    readonly CaptionTexts _captions = new();
    long _touched = long.MinValue;

    /// <summary>Empty until the announcement was answered.</summary>
    public string Id { get; set; } = "";

    /// <summary>What it was announced as: no other has this name.</summary>
    public string FirstName => name;

    /// <summary>The folder that it was announced with.</summary>
    public string FirstFolder => folder;

    /// <summary>Where its bytes go, below the vault's address; permits writing, so it is a secret.</summary>
    public string UploadPath { get; set; } = "";

    public FilmPlan Plan => plan;

    /// <summary>What was sent; a second one where it was replaced and nobody can know which the vault took.</summary>
    public IReadOnlyList<SourceFile> Candidates { get; private set; } = [source];

    public SourceFile Source => Candidates[0];

    public bool IsSourceKnown => Candidates.Count == 1;

    public SemaphoreSlim Turn { get; } = new(1);

    public Possible<Presence> Presence { get; } = new(Model.Presence.Kept);

    public Possible<string> Name { get; } = new(name);

    public Possible<string> Folder { get; } = new(folder);

    public Possible<string> Tags { get; } = new("");

    public Possible<string> Description { get; } = new("");

    /// <summary>The one cue of its captions in a language; empty: none.</summary>
    public Possible<string> CaptionsIn(string language) => _captions.Of(language);

    public IEnumerable<string> CaptionLanguages => _captions.Languages;

    /// <summary>The list of blocks was sent: it may have been taken.</summary>
    public bool MayBeCommitted { get; set; }

    /// <summary>The vault acknowledged all of it, or has taken it up.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>The status was seen as ready.</summary>
    public bool WasReady { get; set; }

    public void Replace(SourceFile by) => Candidates = [Source, by];

    public void Settle(SourceFile one) => Candidates = [one];

    /// <summary>Somebody puts it into the trash, brings it back or removes it, or just did.</summary>
    public void Touch() => Interlocked.Exchange(ref _touched, Stopwatch.GetTimestamp());

    /// <summary>Whether the vault may, for what it remembers, answer as before a change of presence or after one.</summary>
    public bool WasTouched =>
        Interlocked.Read(ref _touched) is var at && at != long.MinValue && Stopwatch.GetElapsedTime(at) < LongestMemory;

    public void Dispose() => Turn.Dispose();

    sealed class CaptionTexts
    {
        readonly Dictionary<string, Possible<string>> _texts = [];

        public IEnumerable<string> Languages
        {
            get
            {
                lock (_texts)
                    return [.. _texts.Keys];
            }
        }

        public Possible<string> Of(string language)
        {
            lock (_texts)
                return _texts.TryGetValue(language, out var text) ? text : _texts[language] = new Possible<string>("");
        }
    }
}

/// <summary>How an upload is sent.</summary>
/// <param name="BlockBytes">0: in one request.</param>
/// <param name="IsSlow">Its bytes drip.</param>
/// <param name="Aborts">So many of its requests are broken off by the client in the middle.</param>
/// <param name="PauseBefore">The block before which the client goes away for a while; none where negative.</param>
/// <param name="IsReplaced">Another content is sent to the same URL afterwards.</param>
sealed record FilmPlan(int BlockBytes, bool IsSlow, int Aborts, int PauseBefore, bool IsReplaced);
