using System.Collections.Concurrent;

namespace TgVault.Cli.Chaos.Model;

/// <summary>A link to a film, and whether it may play.</summary>
sealed class FilmLink(Film film, string id, string token)
{
    public Film Film => film;

    public string Id => id;

    public string Token => token;

    public Possible<bool> IsGood { get; } = new(true);

    /// <summary>When the vault acknowledged that it plays no more (Stopwatch); 0: never.</summary>
    public long Revoked { get; set; }
}

/// <summary>The library as it has to be.</summary>
sealed class Shelf
{
    readonly ConcurrentQueue<Film> _films = new();
    readonly ConcurrentQueue<FilmLink> _links = new();

    /// <summary>All that was ever announced with an answer, in order.</summary>
    public IReadOnlyCollection<Film> Films => _films;

    public IReadOnlyCollection<FilmLink> Links => _links;

    /// <summary>Names of announcements that got no answer: there may be a video, and nobody has its id.</summary>
    public ConcurrentDictionary<string, bool> Unanswered { get; } = new();

    public void Add(Film film) => _films.Enqueue(film);

    public void Add(FilmLink link) => _links.Enqueue(link);

    /// <summary>One of those with this property; null where there is none.</summary>
    public Film? Pick(Dice dice, Func<Film, bool> which) => Pick(dice, _films, which);

    public FilmLink? PickLink(Dice dice, Func<FilmLink, bool> which) => Pick(dice, _links, which);

    static T? Pick<T>(Dice dice, IEnumerable<T> all, Func<T, bool> which)
        where T : class
    {
        var fitting = all.Where(which).ToList();
        // Rolled in any case: what comes behind must not depend on what there is.
        var place = dice.Roll();
        return fitting.Count == 0 ? null : fitting[(int)(place % (ulong)fitting.Count)];
    }
}
