using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Crypto;

namespace TgVault.Core.Webhooks;

/// <summary>
/// Names what messages of a webhook are signed with. It is made from the vault key, so nothing secret of it is kept. The digits are random:
/// a vault that has lost its rows must not make a secret again.
/// </summary>
/// <param name="Version">Of the vault key, from 1.</param>
/// <param name="Digits">16 hex digits.</param>
readonly record struct WebhookSecret(int Version, string Digits)
{
    // https://www.standardwebhooks.com, "Signature scheme": a prefix that secrets are recognised by, then base64.
    const string Prefix = "whsec_";
    const int SizeBytes = 32;

    public static WebhookSecret New(KeyRing keys) => new(keys.Current.Version, RandomNumberGenerator.GetHexString(16, lowercase: true));

    /// <summary>As it is told to whoever made it.</summary>
    /// <exception cref="IntegrityException">What it signs is not good any more.</exception>
    public string Tell(KeyRing keys)
    {
        var key = Derive(keys);
        try
        {
            return Prefix + Convert.ToBase64String(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>One signature of a message, as the header webhook-signature holds it.</summary>
    /// <exception cref="IntegrityException">What it signs is not good any more.</exception>
    public string Sign(KeyRing keys, string message, long unixSeconds, ReadOnlySpan<byte> payload)
    {
        var signed = (byte[])
            [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message}.{unixSeconds}.")), .. payload];
        var key = Derive(keys);
        try
        {
            return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Whether what it signs is good: not once the master secret was rotated that it comes from.</summary>
    public bool CanSign(KeyRing keys) => keys.FindSigning(Version) is not null;

    byte[] Derive(KeyRing keys) =>
        keys.FindSigning(Version) is { } key
            ? key.Derive($"webhooks/{Digits}", SizeBytes)
            : throw new IntegrityException($"What version {Version} of the vault key signs is not good any more.");
}
