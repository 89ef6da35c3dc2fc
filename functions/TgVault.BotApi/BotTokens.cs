using System.Globalization;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi;

/// <summary>The tokens that are accepted, and the bots' ids in them.</summary>
sealed class BotTokens
{
    readonly Dictionary<string, long> _bots = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A token is malformed.</exception>
    public BotTokens(IEnumerable<string> tokens)
    {
        foreach (var token in tokens)
        {
            if (!IsWellFormed(token)) throw new ArgumentException("A bot token is digits, a colon and a secret of at most 80 characters in all.", nameof(tokens));
            _bots[token] = long.Parse(token.AsSpan(0, token.IndexOf(':', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        Ids = _bots.Values.ToHashSet();
    }

    public IReadOnlySet<long> Ids { get; }

    /// <exception cref="BotApiException">401, as for a malformed or a revoked token.</exception>
    public long Check(string token)
    {
        if (!IsWellFormed(token)) throw new BotApiException(401, "Unauthorized: invalid token specified");
        return _bots.TryGetValue(token, out var bot) ? bot : throw new BotApiException(401, "Unauthorized");
    }

    public long? Find(string token) => _bots.TryGetValue(token, out var bot) ? bot : null;

    static bool IsWellFormed(string token)
    {
        var colon = token.IndexOf(':', StringComparison.Ordinal);
        return colon is > 0 and <= 16 && token.Length <= 80 && token[0] != '0' && !token.Contains('/', StringComparison.Ordinal) && token.AsSpan(0, colon).IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
