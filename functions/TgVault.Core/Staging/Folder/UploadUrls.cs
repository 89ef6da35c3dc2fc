using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Crypto;

namespace TgVault.Core.Staging.Folder;

/// <summary>What an upload URL says in its query. Null where it does not say it.</summary>
/// <param name="Version">Of the protocol (sv).</param>
/// <param name="Expires">In UTC, as it was written (se).</param>
/// <param name="Resource">b: a blob (sr).</param>
/// <param name="Permissions">cw: create and write (sp).</param>
/// <param name="Key">The version of the vault key that signed it (si).</param>
/// <param name="Signature">In base64 (sig).</param>
public sealed record UploadUrlQuery(
    string? Version,
    string? Expires,
    string? Resource,
    string? Permissions,
    string? Key,
    string? Signature
);

/// <summary>What checking an upload URL says.</summary>
public enum UploadUrlStatus
{
    Valid,

    /// <summary>It was signed by this vault once.</summary>
    Expired,

    Invalid,
}

/// <summary>
/// Makes and checks URLs that may write one upload until they expire: HMAC-SHA256 under a key that is derived for this only. The query is
/// shaped like a shared access signature of Azure, so that clients of blob storage take it for one and leave it as it is.
/// </summary>
public sealed class UploadUrls
{
    /// <summary>The path of an upload is this and its name. Clients want an account, a container and a blob.</summary>
    public const string Path = "/staging/uploads/";

    const string KeyPurpose = "uploads";
    const string Version = "2024-11-04";
    const string Resource = "b";
    const string Permissions = "cw";
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    readonly ConcurrentDictionary<int, byte[]> _signingKeys = new();
    readonly KeyRing _keys;
    readonly TimeProvider _time;

    internal UploadUrls(KeyRing keys, TimeProvider time) => (_keys, _time) = (keys, time);

    /// <summary>The URL, from the vault's own address on.</summary>
    /// <param name="name">Of the blob that may be written.</param>
    /// <param name="lifetime">How long; whole seconds count.</param>
    public UploadPermit Sign(string name, TimeSpan lifetime)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds((_time.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        var until = expires.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var key = $"v{_keys.Current.Version}";
        var signature = Uri.EscapeDataString(Convert.ToBase64String(SignatureOf(FindKey(key)!, name, until, key)));
        return new UploadPermit(
            new Uri(
                $"{Path}{Uri.EscapeDataString(name)}?sv={Version}&se={Uri.EscapeDataString(until)}&sr={Resource}&sp={Permissions}"
                    + $"&si={key}&sig={signature}",
                UriKind.Relative
            ),
            expires
        );
    }

    /// <summary>Whether that query permits to write the blob of that name now. Never throws on what it is given.</summary>
    public UploadUrlStatus Check(string name, UploadUrlQuery query)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (
            query is not { Version: Version, Resource: Resource, Permissions: Permissions, Expires: { } until, Key: { } key }
            || query.Signature is not { Length: 44 } signature
            || !Convert.TryFromBase64String(signature, given, out var length)
            || length != HMACSHA256.HashSizeInBytes
            || FindKey(key) is not { } signingKey
            || !CryptographicOperations.FixedTimeEquals(SignatureOf(signingKey, name, until, key), given)
        )
            return UploadUrlStatus.Invalid;
        // Signed by this vault, so it is a time as it writes them.
        var expires = DateTimeOffset.ParseExact(until, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return expires > _time.GetUtcNow() ? UploadUrlStatus.Valid : UploadUrlStatus.Expired;
    }

    static byte[] SignatureOf(byte[] signingKey, string name, string until, string key) =>
        HMACSHA256.HashData(
            signingKey,
            Encoding.UTF8.GetBytes(string.Join('\n', "tgvault upload", Version, Resource, Permissions, key, until, name))
        );

    byte[]? FindKey(string key) =>
        key is ['v', .. var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && _keys.FindSigning(version) is { } vaultKey
            ? _signingKeys.GetOrAdd(version, _ => vaultKey.Derive(KeyPurpose, HMACSHA256.HashSizeInBytes))
            : null;
}
