using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TgVault.Core.Crypto;
using TgVault.Core.Settings;

namespace TgVault.Core.Links;

/// <summary>
/// Makes and checks links: JWTs (RFC 7519) signed with HS256 under a key that is derived for links only, so a site's own backend can make
/// them with any JWT library (FORMAT.md, "Links"). Safe for use by many threads.
/// </summary>
public sealed class VideoLinks
{
    public const string Audience = "tgvault";

    /// <summary>Longer tokens are refused unread.</summary>
    public const int MaxTokenLength = 4096;

    const string KeyPurpose = "links";
    const int KeyBytes = 32;

    /// <summary>How far the clocks of those who make links may run ahead of ours. Expiry has no such grace.</summary>
    static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    static readonly ImmutableArray<LinkKind> AllKinds = [.. Enum.GetValues<LinkKind>()];

    readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = MaxTokenLength };
    readonly ConcurrentDictionary<int, SymmetricSecurityKey> _signingKeys = new();
    readonly KeyRing _keys;
    readonly LinkSettings _settings;
    readonly TimeProvider _time;

    internal VideoLinks(KeyRing keys, LinkSettings settings, TimeProvider time)
    {
        _keys = keys;
        _settings = settings;
        _time = time;
    }

    /// <exception cref="ArgumentException">
    /// The lifetime is out of range, an origin is none, or they are so many that the link would be too long. The message is meant for the
    /// caller.
    /// </exception>
    public MintedLink Mint(LinkRequest request)
    {
        var lifetime = request.Lifetime ?? TimeSpan.FromMinutes(_settings.DefaultLifetimeMinutes);
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > TimeSpan.FromMinutes(_settings.MaxLifetimeMinutes))
            throw new ArgumentException(
                $"A link lives at least a second and at most {_settings.MaxLifetimeMinutes} minutes.",
                nameof(request)
            );

        var now = _time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Aud] = Audience,
            [JwtRegisteredClaimNames.Sub] = request.Video.ToString(),
            [JwtRegisteredClaimNames.Iat] = now.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Exp] = expires.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Jti] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(9)),
        };
        if (!request.Origins.IsDefaultOrEmpty)
            claims["origins"] = request.Origins.Select(CheckOrigin).ToArray();
        if (!request.Kinds.IsDefaultOrEmpty)
            claims["kinds"] = request.Kinds.Distinct().Select(NameOf).ToArray();

        var key = FindKey(_keys.Current.Version)!;
        var token = _handler.CreateToken(
            new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256) }
        );
        if (token.Length > MaxTokenLength)
            throw new ArgumentException("A link with so many origins would be too long.", nameof(request));
        return new MintedLink(token, expires);
    }

    /// <summary>Whether <paramref name="token"/> is a link of this vault that is good now. Never throws on what it is given.</summary>
    public async Task<LinkCheck> CheckAsync(string? token)
    {
        if (token is not { Length: > 0 and <= MaxTokenLength })
            return LinkCheck.Invalid;
        var result = await _handler.ValidateTokenAsync(token, Rules());
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
            return LinkCheck.Invalid;
        return LinkClaims.TryRead(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload)) is { } claims ? Check(claims) : LinkCheck.Invalid;
    }

    // Times are checked below: against this vault's clock, after the signature, so that "expired" is said of true links only.
    TokenValidationParameters Rules() =>
        new()
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, kid, _) => FindKey(kid) is { } key ? [key] : [],
            ValidateIssuer = false,
            ValidAudience = Audience,
            ValidateLifetime = false,
        };

    LinkCheck Check(LinkClaims claims)
    {
        var now = _time.GetUtcNow();
        var latestStart = (now + ClockSkew).ToUnixTimeMilliseconds() / 1000.0;
        if (VideoId.TryParse(claims.Sub) is not { } video || claims.Nbf > latestStart || claims.Iat > latestStart)
            return LinkCheck.Invalid;
        if (claims.Exp <= now.ToUnixTimeMilliseconds() / 1000.0)
            return LinkCheck.Expired;
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(claims.Exp, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        // Kinds that this version does not know permit nothing here.
        var kinds = claims.Kinds is { } named ? [.. AllKinds.Where(kind => named.Contains(NameOf(kind)))] : AllKinds;
        return new LinkCheck(LinkStatus.Valid, new VideoLink(video, expires, claims.Jti, claims.Origins, kinds));
    }

    SymmetricSecurityKey? FindKey(string? kid) =>
        kid is ['v', .. var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && kid == KeyIdOf(version)
            ? FindKey(version)
            : null;

    SymmetricSecurityKey? FindKey(int version)
    {
        if (_signingKeys.TryGetValue(version, out var known))
            return known;
        if (_keys.Find(version) is not { } vaultKey)
            return null;
        return _signingKeys.GetOrAdd(version, new SymmetricSecurityKey(vaultKey.Derive(KeyPurpose, KeyBytes)) { KeyId = KeyIdOf(version) });
    }

    static string KeyIdOf(int version) => string.Create(CultureInfo.InvariantCulture, $"v{version}");

    static string NameOf(LinkKind kind) =>
        kind switch
        {
            LinkKind.Mp4 => "mp4",
            LinkKind.Hls => "hls",
            LinkKind.Dash => "dash",
            LinkKind.Embed => "embed",
            LinkKind.Pictures => "pictures",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    // The serialized form of an origin (RFC 6454 §6.2), as browsers send it; anything else would never match.
    static string CheckOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == origin
        && uri.UserInfo.Length == 0
            ? origin
            : throw new ArgumentException(
                "An origin is written as https://host or https://host:port, in lower case and without a path.",
                nameof(origin)
            );
}
