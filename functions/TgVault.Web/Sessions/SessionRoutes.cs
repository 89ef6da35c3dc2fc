using Microsoft.AspNetCore.Http;
using TgVault.Core.Sessions;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;

namespace TgVault.Web.Sessions;

/// <summary>Signing in and out of the web app.</summary>
internal sealed class SessionRoutes(Gate gate, RefusedKeys refused, SessionCookie cookie, VaultSessions sessions, VaultUrls urls)
{
    static readonly Problem OfAnotherSite = new(StatusCodes.Status403Forbidden, "Only the vault's own pages may sign in or out.");

    /// <summary>Whether the browser is signed in. Sessions in use are renewed, so that only what lies unused ends.</summary>
    public Task<IResult> ShowSession(HttpContext context)
    {
        var ends = cookie.Find(context.Request);
        if (ends is not null && SessionCookie.IsOwn(context.Request))
            cookie.Set(context);
        return Task.FromResult(VaultJson.Answer(new SessionView(ends is not null)));
    }

    public async Task<IResult> SignIn(HttpContext context)
    {
        if (!SessionCookie.IsOwn(context.Request))
            return OfAnotherSite;
        var (body, problem) = await JsonBody.ReadAsync<NewSession>(context);
        if (body is null)
            return problem!;
        var (key, code) = (body.Text("key", NewSession.MaxLength), body.Text("code", NewSession.MaxLength));
        if (body.Problem is { } wrong)
            return wrong;
        if (key is { Length: > 0 })
        {
            if (!gate.IsApiKey(key))
            {
                refused.Tell(context);
                return new Problem(StatusCodes.Status401Unauthorized, "This is not the vault's API key.");
            }
        }
        else if (!sessions.TakeCode(code))
        {
            return new Problem(
                StatusCodes.Status401Unauthorized,
                "This sign-in address was used before, or is too old. `./tgvault open` makes a new one."
            );
        }

        cookie.Set(context);
        return VaultJson.Answer(new SessionView(true), StatusCodes.Status201Created);
    }

    public Task<IResult> SignOut(HttpContext context)
    {
        if (!SessionCookie.IsOwn(context.Request))
            return Task.FromResult<IResult>(OfAnotherSite);
        cookie.Clear(context);
        return Task.FromResult<IResult>(TypedResults.NoContent());
    }

    /// <summary>An address that signs in whoever opens it first.</summary>
    public Task<IResult> CreateSignIn(HttpContext context)
    {
        var (code, expires) = sessions.MakeCode();
        var url = urls.BaseFor(context.Request) + VaultSessions.SignInPath + code;
        return Task.FromResult(VaultJson.Answer(new SignInView(url, expires), StatusCodes.Status201Created));
    }
}
