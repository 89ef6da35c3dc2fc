namespace TgVault.Core.Keys;

/// <summary>
/// Whether a master secret can be guessed: whoever reads the channel may try as many as they like, at the price of Argon2id. It cannot be
/// told whether a secret is a good one, only that some are bad.
/// </summary>
static class MasterSecretStrength
{
    const int LeastLength = 32;
    const int LeastDifferent = 8;

    /// <summary>What to do about it, for a person.</summary>
    public const string Advice = "Make one with `openssl rand -base64 33`, and keep a copy: nothing can be read without it.";

    /// <summary>Whether it is short, or made of few characters, of one text again and again, or of a row such as abc or 321.</summary>
    public static bool IsWeak(string secret) =>
        secret.Length < LeastLength
        || secret.Distinct().Count() < LeastDifferent
        || Period(secret) <= secret.Length / 2
        || Rows(secret) > secret.Length / 2;

    /// <summary>After how many characters it begins anew.</summary>
    static int Period(string secret)
    {
        for (var period = 1; period < secret.Length; period++)
        {
            if (secret.AsSpan(period).SequenceEqual(secret.AsSpan(0, secret.Length - period)))
                return period;
        }

        return secret.Length;
    }

    static int Rows(string secret) => secret.Zip(secret.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) <= 1);
}
