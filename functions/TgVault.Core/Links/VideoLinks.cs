using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TgVault.Core.Crypto;
using TgVault.Core.Settings;

namespace TgVault.Core.Links;

/// <summary>
/// Makes and checks links: JWTs (RFC 7519) signed with HS256 under a key that is derived for links only, so a site's own backend can make
/// them with any JWT library and a link key (FORMAT.md, "Links"). Safe for use by many threads.
/// </summary>
public sealed class VideoLinks
{
    public const string Audience = "tgvault";

    /// <summary>Longer tokens are refused unread.</summary>
    public const int MaxTokenLength = 4096;

    /// <summary>The newest version of what a link says; those of later ones are refused.</summary>
    const int Version = 2;

    /// <summary>How far the clocks of those who make links may run ahead of ours. Expiry has no such grace.</summary>
    static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    static readonly ImmutableArray<LinkKind> AllKinds = [.. Enum.GetValues<LinkKind>()];

    readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = MaxTokenLength };
    readonly ConcurrentDictionary<LinkKeyId, SymmetricSecurityKey> _ownKeys = new();
    readonly KeyRing _keys;
    readonly LinkSettings _settings;
    readonly TimeProvider _time;
    readonly OwnLinkKey? _own;

    /// <param name="keys">What keys of links are made from.</param>
    /// <param name="settings">How long links live.</param>
    /// <param name="time">Says whether they have ended.</param>
    /// <param name="own">What the vault signs its own with; null: the key that has no id.</param>
    internal VideoLinks(KeyRing keys, LinkSettings settings, TimeProvider time, OwnLinkKey? own = null)
    {
        _own = own;
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

        var signer =
            request.LinkKey is not null ? LinkKeyId.TryParse(request.LinkKey)
            : _own is null ? LinkKeyId.OwnOf(_keys.Current.Version)
            : _own.Signing;
        var now = _time.GetUtcNow();
        var link = new KnownLink
        {
            Id = request.PartOf ?? LinkId.New(now),
            Video = request.Video,
            Created = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            Expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds()),
            Origins = request.Origins.IsDefaultOrEmpty ? null : [.. request.Origins.Select(CheckOrigin)],
            Kinds = request.Kinds.IsDefaultOrEmpty ? AllKinds : [.. request.Kinds.Distinct()],
            Epoch = request.Epoch,
            KeyVersion = signer?.Version ?? 0,
            Key = signer?.Digits is null ? null : signer.ToString(),
            Label = request.Label,
        };
        var token = Write(link, signer) ?? throw new InvalidOperationException("bug: the key that signs is not there");
        if (token.Length > MaxTokenLength)
            throw new ArgumentException("A link with so many origins would be too long.", nameof(request));
        return new MintedLink(token, link);
    }

    /// <summary>
    /// The text of a link that this vault made, the same each time; null where its key is not there any more, or was replaced.
    /// </summary>
    public string? Write(KnownLink link) => SignerOf(link) is { } signer && _own?.Is(signer) != false ? Write(link, signer) : null;

    static LinkKeyId? SignerOf(KnownLink link) => link.Key is null ? LinkKeyId.OwnOf(link.KeyVersion) : LinkKeyId.TryParse(link.Key);

    string? Write(KnownLink link, LinkKeyId? keyId)
    {
        if (FindKey(keyId) is not { } key)
            return null;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Aud] = Audience,
            [JwtRegisteredClaimNames.Sub] = link.Video.ToString(),
            [JwtRegisteredClaimNames.Iat] = link.Created.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Exp] = link.Expires.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Jti] = link.Id,
            ["ver"] = Version,
        };
        if (link.Epoch > 0)
            claims["epoch"] = link.Epoch;
        if (link.Origins is { } origins)
            claims["origins"] = origins.ToArray();
        if (link.Kinds.Length < AllKinds.Length)
            claims["kinds"] = link.Kinds.Select(NameOf).ToArray();
        return _handler.CreateToken(
            new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256) }
        );
    }

    /// <summary>
    /// Whether <paramref name="token"/> is a link of this vault that is good now, as far as its text says. Never throws on what it is
    /// given.
    /// </summary>
    public async Task<LinkCheck> CheckAsync(string? token) =>
        token is not null && await ReadAsync(token) is (var claims, var keyId) ? Check(token, claims, keyId) : LinkCheck.Invalid;

    /// <summary>What a link is called, also one that has expired; null where it is no link of this vault. Never throws.</summary>
    public async Task<string?> FindIdAsync(string token) => await ReadAsync(token) is (var claims, _) ? IdOf(token, claims) : null;

    /// <summary>What a link says that a key of this vault signed, and which; null for anything else.</summary>
    async Task<(LinkClaims Claims, LinkKeyId KeyId)?> ReadAsync(string token)
    {
        if (token.Length is 0 or > MaxTokenLength || LinkText.TryReadClaims(token) is not { } payload)
            return null;
        var result = await _handler.ValidateTokenAsync(token, Rules());
        return
            result.IsValid
            && LinkKeyId.TryParse((result.SecurityToken as JsonWebToken)?.Kid) is { } keyId
            && LinkClaims.TryRead(payload) is { Ver: null or (>= 1 and <= Version), Epoch: null or >= 0 } claims
            ? (claims, keyId)
            : null;
    }

    // Times are checked below: against this vault's clock, after the signature, so that "expired" is said of true links only.
    TokenValidationParameters Rules() =>
        new()
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, kid, _) => FindKey(LinkKeyId.TryParse(kid)) is { } key ? [key] : [],
            ValidateIssuer = false,
            ValidAudience = Audience,
            ValidateLifetime = false,
        };

    LinkCheck Check(string token, LinkClaims claims, LinkKeyId keyId)
    {
        var now = _time.GetUtcNow();
        var latestStart = (now + ClockSkew).ToUnixTimeMilliseconds() / 1000.0;
        var longest = TimeSpan.FromMinutes(_settings.MaxLifetimeMinutes).TotalSeconds;
        if (
            VideoId.TryParse(claims.Sub) is not { } video
            || claims.Nbf > latestStart
            || claims.Iat > latestStart
            // Whoever made it: it lives no longer than links may. One that does not say when it was made begins as late as that.
            || claims.Exp - claims.Iat > longest
            || claims.Exp > latestStart + longest
        )
            return LinkCheck.Invalid;
        if (claims.Exp <= now.ToUnixTimeMilliseconds() / 1000.0)
            return LinkCheck.Expired;
        // Kinds that this version does not know permit nothing here.
        var kinds = claims.Kinds is { } named ? [.. AllKinds.Where(kind => named.Contains(NameOf(kind)))] : AllKinds;
        return new LinkCheck(
            LinkStatus.Valid,
            new VideoLink(video, DateTimeOffset.FromUnixTimeSeconds((long)claims.Exp), IdOf(token, claims), claims.Origins, kinds)
            {
                Epoch = claims.Epoch ?? 0,
                LinkKey = keyId.Digits is null ? null : keyId.ToString(),
                Signer = keyId,
            }
        );
    }

    static string IdOf(string token, LinkClaims claims) => claims.Jti is { Length: > 0 } id ? id : LinkText.NameOf(token);

    SymmetricSecurityKey? FindKey(LinkKeyId? keyId)
    {
        if (keyId is not { } id)
            return null;
        if (_keys.FindSigning(id.Version) is not { } vaultKey)
            return null;
        if (_ownKeys.TryGetValue(id, out var known))
            return known;
        var key = new SymmetricSecurityKey(id.Derive(vaultKey)) { KeyId = id.ToString() };
        if (id.Digits is null)
            return _ownKeys.GetOrAdd(id, key);
        // Anybody may name as many as he likes, so they are kept neither here nor in the library. Whether there is such a key is asked
        // only of links that it signed (LinkKeyRing).
        key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        return key;
    }

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
