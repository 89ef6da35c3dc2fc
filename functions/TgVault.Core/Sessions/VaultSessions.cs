using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Crypto;

namespace TgVault.Core.Sessions;

/// <summary>
/// Makes and checks what lets a browser in instead of the API key: sessions, and codes that are good for one sign-in. Both are signed,
/// with a key for nothing else that the API key goes into: where that is replaced, all are signed out. Nothing is stored, so a session
/// ends by time or with the API key. Safe for use by many threads.
/// </summary>
public sealed class VaultSessions
{
    /// <summary>How long a session is good.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(30);

    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromHours(1);

    /// <summary>The path of the page that signs in with the code after it.</summary>
    /// <remarks>A fragment: what no server, proxy or log sees, and what a preview of the address does not use up.</remarks>
    public const string SignInPath = "/signin#";

    const string KeyPurpose = "sessions";
    const int KeyBytes = 32;
    const int NonceBytes = 12;

    // What it is, when it ends in Unix seconds, the nonce; then the signature.
    const int SignedBytes = 1 + sizeof(long) + NonceBytes;
    const int TextLength = (SignedBytes + HMACSHA256.HashSizeInBytes) * 8 / 6 + 1;
    const byte Session = 1;
    const byte Code = 2;

    readonly byte[] _key;
    readonly TimeProvider _time;
    readonly Dictionary<string, DateTimeOffset> _taken = new(StringComparer.Ordinal);

    internal VaultSessions(KeyRing keys, string apiKey, TimeProvider time)
    {
        var derived = keys.Current.Derive(KeyPurpose, KeyBytes);
        _key = HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(apiKey));
        CryptographicOperations.ZeroMemory(derived);
        _time = time;
        VaultName = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "name"u8).AsSpan(0, 4));
    }

    /// <summary>Tells this vault's sessions from those of others at the same host, whose cookies a browser sends as well.</summary>
    public string VaultName { get; }

    /// <summary>A session from now on.</summary>
    public string Make() => Sign(Session, _time.GetUtcNow() + SessionLifetime);

    /// <summary>When the session ends; null where it has, or is none of this vault's. Never throws on what it is given.</summary>
    public DateTimeOffset? Check(string? session) => Read(session, Session);

    /// <summary>A code that is good for one sign-in.</summary>
    public (string Code, DateTimeOffset Expires) MakeCode()
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds((_time.GetUtcNow() + CodeLifetime).ToUnixTimeSeconds());
        return (Sign(Code, expires), expires);
    }

    /// <summary>
    /// Uses up a code; false where it is none, has ended or was used before. Where several instances run, each knows only of its own.
    /// </summary>
    public bool TakeCode(string? code)
    {
        if (Read(code, Code) is not { } expires)
            return false;
        lock (_taken)
        {
            var now = _time.GetUtcNow();
            foreach (var (old, _) in _taken.Where(taken => taken.Value <= now).ToList())
                _taken.Remove(old);
            return _taken.TryAdd(code!, expires);
        }
    }

    string Sign(byte kind, DateTimeOffset expires)
    {
        Span<byte> bytes = stackalloc byte[SignedBytes + HMACSHA256.HashSizeInBytes];
        bytes[0] = kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], expires.ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(bytes[(1 + sizeof(long))..SignedBytes]);
        HMACSHA256.HashData(_key, bytes[..SignedBytes], bytes[SignedBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    DateTimeOffset? Read(string? text, byte kind)
    {
        Span<byte> bytes = stackalloc byte[SignedBytes + HMACSHA256.HashSizeInBytes];
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (
            text?.Length != TextLength
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || length != bytes.Length
            // One text for one value, so that a code used once cannot be written otherwise.
            || Base64Url.EncodeToString(bytes) != text
        )
            return null;
        HMACSHA256.HashData(_key, bytes[..SignedBytes], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[SignedBytes..]) || bytes[0] != kind)
            return null;
        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]));
        return expires > _time.GetUtcNow() ? expires : null;
    }
}
