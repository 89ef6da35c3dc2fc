using System.Globalization;
using System.Security.Cryptography;
using TgVault.Core.Crypto;

namespace TgVault.Core.Links;

/// <summary>
/// What the header of a link calls the key that signed it: <c>v1</c> is the vault's own, made from version 1 of the vault key, and
/// <c>v1.0123456789abcdef</c> a link key, made from the same with these digits. They are random and not counted: a vault that has lost its
/// rows must not make a key again that was revoked.
/// </summary>
/// <param name="Version">Of the vault key, from 1.</param>
/// <param name="Digits">16 hex digits; null: the vault's own key.</param>
readonly record struct LinkKeyId(int Version, string? Digits)
{
    const string Purpose = "links";
    const int KeyBytes = 32;
    const int DigitCount = 16;

    public static LinkKeyId OwnOf(int version) => new(version, null);

    /// <summary>That of a new link key.</summary>
    public static LinkKeyId New(int version) => new(version, RandomNumberGenerator.GetHexString(DigitCount, lowercase: true));

    /// <summary>Null for anything that is not written as these ids are, in their one form.</summary>
    public static LinkKeyId? TryParse(string? text)
    {
        if (text is not ['v', ..])
            return null;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var number = dot < 0 ? text[1..] : text[1..dot];
        var digits = dot < 0 ? null : text[(dot + 1)..];
        if (
            !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || (digits is not null && (digits.Length != DigitCount || !digits.All(char.IsAsciiHexDigitLower)))
        )
            return null;
        var id = new LinkKeyId(version, digits);
        return id.ToString() == text ? id : null;
    }

    /// <summary>The key itself. The caller zeroes it where it is not to stay.</summary>
    public byte[] Derive(VaultKey vaultKey) => vaultKey.Derive(Digits is null ? Purpose : $"{Purpose}/{Digits}", KeyBytes);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"v{Version}{(Digits is null ? "" : ".")}{Digits}");
}
