using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Web.Http;

namespace TgVault.Web.Sessions;

/// <summary>What signs in: one of the two. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewSession(
    [Description("The vault's API key.")] [MaxLength(NewSession.MaxLength)] string? Key,
    [Description("What a sign-in address has after its `#`; good once.")] [MaxLength(NewSession.MaxLength)] string? Code
)
{
    public const int MaxLength = 512;
}

/// <summary>Whether the browser that asks is signed in.</summary>
internal sealed record SessionView(bool SignedIn);

/// <summary>An address that signs in whoever opens it first. A secret until then.</summary>
internal sealed record SignInView([Url] string Url, DateTimeOffset Expires);
