using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TgVault.BotApi.Http;

namespace TgVault.BotApi.Methods;

/// <summary>A bot known to the server.</summary>
sealed record Bot(long Id, string Token);

/// <summary>Bots by token.</summary>
sealed class Bots
{
    const int LongestToken = 80;

    readonly List<Bot> _all = [];

    public Bots(IEnumerable<string> tokens)
    {
        foreach (var token in tokens)
            _all.Add(new Bot(IdOf(token) ?? throw new ArgumentException("A bot token has the form id:secret.", nameof(tokens)), token));
    }

    public IReadOnlyList<Bot> All => _all;

    /// <summary>The bot of a token.</summary>
    /// <exception cref="Refusal">401, with the text that tells a malformed token from an unknown one.</exception>
    public Bot Of(string token)
    {
        if (IdOf(token) is null)
            throw new Refusal(401, "Unauthorized: invalid token specified");
        var bytes = Encoding.UTF8.GetBytes(token);
        return _all.Find(bot => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(bot.Token), bytes))
            ?? throw new Refusal(401, "Unauthorized");
    }

    static long? IdOf(string token)
    {
        var colon = token.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || token.Length > LongestToken || token[0] == '0' || token.Contains('/', StringComparison.Ordinal))
            return null;
        return long.TryParse(token.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}
