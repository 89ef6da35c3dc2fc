using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core.Links;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Web.Pages;

/// <summary>
/// Begins to fetch the bytes that the element in an embed page asks for first, while the page is still on its way: the channel takes
/// longer to give them than a browser to read the page. At the cost of the page's link; the next who asks has them from memory.
/// </summary>
internal sealed class EarlyStart(OpenVideos videos, FetchBudget budget, TimeProvider time, ILogger<EarlyStart> log)
{
    // More than that would only stand in line.
    const int MostAtOnce = 32;

    // Of what a slow channel has not given by then, the element's own request is the one that waits.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    int _underWay;

    /// <summary>Whether a browser asks for the page, which will load what is in it: others only read what it says.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Dest"].ToString() is "document" or "iframe" or "frame";

    /// <summary>Begins, and returns at once. What fails is left to the element's own request, which fails in the same way.</summary>
    public void Begin(Video video, VideoLink link)
    {
        if (Interlocked.Increment(ref _underWay) > MostAtOnce)
            Interlocked.Decrement(ref _underWay);
        else
            _ = FetchAsync(video, link);
    }

    async Task FetchAsync(Video video, VideoLink link)
    {
        try
        {
            using var limit = new CancellationTokenSource(Longest, time);
            var allowance = await budget.FindAsync(link.Id, link.Video);
            if (allowance is { IsSpent: true })
                return;
            LinkAllowance.Current = allowance;
            await using var stream = await videos.OpenAsync(video, limit.Token);
            // One byte brings its whole span.
            if (stream is not null)
                await stream.ReadExactlyAsync(new byte[1], limit.Token);
        }
#pragma warning disable CA1031 // Nobody waits for this; whoever asks for the same bytes is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.NotBegunEarly(exception, video.Id);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
