using Microsoft.AspNetCore.Http;
using TgVault.Web.Http;

namespace TgVault.Web.Lists;

/// <summary>What lists there are.</summary>
internal sealed class ListRoutes(LibraryFigures figures, TimeProvider time)
{
    public async Task<IResult> ShowLists(HttpContext context)
    {
        var (counts, at, until) = await figures.Counts.GetAsync(context.RequestAborted);
        var now = time.GetUtcNow();
        return VaultJson.Answer(ListsView.Of(counts) with { Age = Seconds(now - at), Next = Seconds(until - now) });
    }

    static double Seconds(TimeSpan span) => Math.Max(0, Math.Round(span.TotalSeconds, 3));
}
