using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TgVault.Core.Links;

/// <summary>
/// The claims of a link, read strictly: one of the wrong type makes the link invalid instead of falling away, because a restriction that
/// falls away is a permission.
/// </summary>
sealed record LinkClaims
{
    public required string Sub { get; init; }

    // RFC 7519 §2: a NumericDate may have a fraction.
    public required double Exp { get; init; }

    public double? Nbf { get; init; }

    public double? Iat { get; init; }

    public string? Jti { get; init; }

    /// <summary>The version of what a link says; absent: 1.</summary>
    public int? Ver { get; init; }

    /// <summary>The video's epoch of links; absent: 0.</summary>
    public int? Epoch { get; init; }

    public ImmutableArray<string>? Origins { get; init; }

    public ImmutableArray<string>? Kinds { get; init; }

    /// <summary>Null where the payload is not that of a link.</summary>
    public static LinkClaims? TryRead(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, LinkJson.Default.LinkClaims);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The header of a link: what a reader has to understand of it (RFC 7515 §4.1).</summary>
sealed record LinkHeader
{
    public required string Alg { get; init; }

    public required string Kid { get; init; }

    public string? Typ { get; init; }

    /// <summary>Names what must be understood; nothing that could be named there is.</summary>
    public JsonElement? Crit { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(LinkClaims))]
[JsonSerializable(typeof(LinkHeader))]
sealed partial class LinkJson : JsonSerializerContext;
