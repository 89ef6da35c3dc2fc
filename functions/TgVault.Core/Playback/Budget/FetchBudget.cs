using Microsoft.Extensions.Logging;
using TgVault.Core.Caching;
using TgVault.Core.Settings;

namespace TgVault.Core.Playback.Budget;

/// <summary>
/// How much may be fetched from the chunk store for links beyond what their viewers get: an allowance for each link, and a bucket for each
/// bot that all links draw from. Waste is counted, not requests: whoever plays is never held, however many they are, and whoever asks for
/// single bytes here and there soon is. What is in memory costs nothing. Each instance counts for itself. For any number of threads.
/// </summary>
public sealed class FetchBudget : IDisposable
{
    /// <summary>What a bot's bucket holds, as a multiple of what it gets in a second.</summary>
    const int BotSeconds = 16;

    // Some 20,000 links; who was pushed out begins anew.
    const long MaxBytes = 20_000 * AllowanceBytes;
    const long AllowanceBytes = 600;

    readonly Lock _gate = new();
    readonly Dictionary<long, TokenBucket> _bots = [];
    readonly SharedCache<string, LinkAllowance> _links = new(MaxBytes, _ => AllowanceBytes);
    readonly PlaybackSettings _settings;
    readonly TimeProvider _time;
    readonly ILogger _log;

    /// <param name="settings">How much; nothing is counted where a link's rate is 0.</param>
    /// <param name="time">Whose seconds count.</param>
    /// <param name="log">Is told of links that spent theirs.</param>
    public FetchBudget(PlaybackSettings settings, TimeProvider time, ILogger<FetchBudget> log)
    {
        _settings = settings;
        _time = time;
        _log = log;
    }

    /// <summary>The allowance of a link; null where there is no budget.</summary>
    /// <param name="link">The link's id.</param>
    /// <param name="video">What it plays.</param>
    public async ValueTask<LinkAllowance?> FindAsync(string link, VideoId video) =>
        _settings.LinkBudgetBytesPerSecond == 0
            ? null
            : await _links.GetAsync(link, _ => Task.FromResult(NewAllowance(video)), CancellationToken.None);

    public void Dispose() => _links.Dispose();

    LinkAllowance NewAllowance(VideoId video)
    {
        var rate = _settings.LinkBudgetBytesPerSecond;
        // What waits in memory to be read was fetched and not served yet, and may be all of it one link's.
        var burst = Math.Max(_settings.LinkBudgetBytes, 2 * _settings.CacheBytes);
        return new LinkAllowance(video, burst, rate, BotOf, _gate, _time, _log);
    }

    // Called under the lock. There are as many as the settings of this vault ever named.
    TokenBucket? BotOf(long bot)
    {
        var rate = _settings.BotBudgetBytesPerSecond;
        if (rate == 0)
            return null;
        if (!_bots.TryGetValue(bot, out var bucket))
            _bots[bot] = bucket = new TokenBucket((double)BotSeconds * rate, rate, _time);
        return bucket;
    }
}
