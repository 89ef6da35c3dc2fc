using System.Globalization;
using TgVault.BotApi.Store;

namespace TgVault.BotApi;

/// <summary>
/// The paths that getFile gave out: numbered per bot, good for an hour on the clock. In memory only: a restart kills them, which
/// Telegram may do at any time too.
/// </summary>
sealed class FileLinks(BotApiClock clock)
{
    const int SweepAt = 10_000;

    static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    readonly Dictionary<(long Bot, string Path), Link> _byPath = [];
    readonly Dictionary<(long Bot, long Document), Link> _byDocument = [];
    readonly Dictionary<long, int> _last = [];

    /// <summary>The link that stands, its hour begun again, or a new one.</summary>
    public string Give(long botId, StoredDocument document, string extension)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_byDocument.TryGetValue((botId, document.Number), out var link) && link.Expires > now)
            {
                link.Expires = now + Lifetime;
                return link.Path;
            }

            if (_byPath.Count >= SweepAt) Sweep(now);
            var number = _last[botId] = _last.GetValueOrDefault(botId) + 1;
            link = new Link(botId, document.Number, string.Create(CultureInfo.InvariantCulture, $"documents/file_{number}{extension}")) { Expires = now + Lifetime };
            _byPath[(botId, link.Path)] = link;
            _byDocument[(botId, document.Number)] = link;
            return link.Path;
        }
    }

    /// <summary>The number of the document behind the path; null where the link is not this bot's, or dead.</summary>
    public long? Find(long botId, string path)
    {
        lock (_lock) return _byPath.TryGetValue((botId, path), out var link) && link.Expires > clock.GetUtcNow() ? link.Document : null;
    }

    void Sweep(DateTimeOffset now)
    {
        foreach (var dead in _byPath.Values.Where(link => link.Expires <= now).ToList())
        {
            _byPath.Remove((dead.Bot, dead.Path));
            if (_byDocument.TryGetValue((dead.Bot, dead.Document), out var current) && ReferenceEquals(current, dead)) _byDocument.Remove((dead.Bot, dead.Document));
        }
    }

    sealed class Link(long bot, long document, string path)
    {
        public long Bot => bot;

        public long Document => document;

        public string Path => path;

        public DateTimeOffset Expires { get; set; }
    }
}
