using Microsoft.AspNetCore.Http;
using TgVault.Web.Http;

namespace TgVault.Web.Lists;

/// <summary>What lists there are.</summary>
internal sealed class ListRoutes(LibraryFigures figures, TimeProvider time)
{
    public async Task<IResult> ShowLists(HttpContext context)
    {
        var (lists, at, until) = await figures.Lists.GetAsync(context.RequestAborted);
        var now = time.GetUtcNow();
        return VaultJson.Answer(lists with { Age = Seconds(now - at), Next = Seconds(until - now) });
    }

    static double Seconds(TimeSpan span) => Math.Max(0, Math.Round(span.TotalSeconds, 3));
}
