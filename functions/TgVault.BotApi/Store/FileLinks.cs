using System.Collections.Concurrent;
using System.Globalization;

namespace TgVault.BotApi.Store;

/// <summary>
/// The paths that getFile gives, each for one bot and one hour. Numbers are not used again, also not after a restart, so a link kept too
/// long never shows another document.
/// </summary>
sealed class FileLinks
{
    const int MostBeforeDropping = 10_000;

    static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<(long Bot, string Path), Link> _links = new();
    readonly ConcurrentDictionary<(long Bot, long File), string> _paths = new();
    readonly BotApiClock _clock;
    long _last;

    public FileLinks(string directory, BotApiClock clock)
    {
        _clock = clock;
        var path = Path.Combine(directory, "starts");
        var starts = File.Exists(path) && int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var known) ? known : 0;
        File.WriteAllText(path + ".new", (starts + 1).ToString(CultureInfo.InvariantCulture));
        File.Move(path + ".new", path, overwrite: true);
        _last = starts * 1_000_000L;
    }

    /// <summary>A path for the file: the one already given while it lives, with its hour begun anew.</summary>
    public string Give(long bot, StoredFile file)
    {
        if (_links.Count > MostBeforeDropping)
            DropExpired();
        var expires = _clock.Now + Lifetime;
        if (_paths.TryGetValue((bot, file.Number), out var known) && Find(bot, known) is not null)
        {
            _links[(bot, known)] = new Link(file, expires);
            return known;
        }

        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"documents/file_{Interlocked.Increment(ref _last)}{Path.GetExtension(file.Name)}"
        );
        _links[(bot, path)] = new Link(file, expires);
        _paths[(bot, file.Number)] = path;
        return path;
    }

    public StoredFile? Find(long bot, string path) =>
        _links.TryGetValue((bot, path), out var link) && link.Expires > _clock.Now ? link.File : null;

    public void Revoke(long bot, string path) => _links.TryRemove((bot, path), out _);

    void DropExpired()
    {
        foreach (var (key, link) in _links)
        {
            if (link.Expires > _clock.Now)
                continue;
            _links.TryRemove(key, out _);
            _paths.TryRemove(KeyValuePair.Create((key.Bot, link.File.Number), key.Path));
        }
    }

    sealed record Link(StoredFile File, DateTimeOffset Expires);
}
