using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace TgVault.Core.Telegram;

/// <summary>
/// Ranged GETs of a document's file URL. That Telegram honours Range there is seen, not promised: an answer of 200 is read and its
/// beginning skipped, and what a 206 says it holds is checked.
/// </summary>
static class DocumentDownload
{
    const int SkipBytes = 64 * 1024;

    // A body that stalls would otherwise hang for ever: HttpClient's own limit ends with the headers.
    static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    /// <summary>Fills the destination; false where the link does not work (any more).</summary>
    /// <exception cref="ChunkStoreException">Anything else went wrong.</exception>
    public static async Task<bool> TryReadAsync(HttpClient http, string url, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(offset, offset + destination.Length - 1);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stalled.Token);
            switch (response.StatusCode)
            {
                case HttpStatusCode.PartialContent:
                    CheckContentRange(response, offset, destination.Length);
                    await FillAsync(response, 0, destination, stalled);
                    return true;
                case HttpStatusCode.OK:
                    await FillAsync(response, offset, destination, stalled);
                    return true;
                case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound:
                    return false;
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                    throw new ChunkStoreException(ChunkStoreFailure.Gone, "Telegram, downloading a document: it is shorter than what was stored.");
                default:
                    throw TelegramReply.ClassifyDownload(response.StatusCode, response.Headers.RetryAfter?.Delta);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw TelegramReply.Transient("downloading a document", "broke off");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TelegramReply.Transient("downloading a document", "stalled");
        }
    }

    static void CheckContentRange(HttpResponseMessage response, long offset, int length)
    {
        var range = response.Content.Headers.ContentRange;
        if (range?.From != offset || range.To != offset + length - 1) throw TelegramReply.Transient("downloading a document", "gave another range than was asked for");
    }

    static async Task FillAsync(HttpResponseMessage response, long skip, Memory<byte> destination, CancellationTokenSource stalled)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stalled.Token);
        var discard = ArrayPool<byte>.Shared.Rent(SkipBytes);
        try
        {
            while (skip > 0) skip -= await ReadSomeAsync(body, discard.AsMemory(0, (int)Math.Min(skip, discard.Length)), stalled);
            while (!destination.IsEmpty) destination = destination[await ReadSomeAsync(body, destination, stalled)..];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(discard);
        }
    }

    static async Task<int> ReadSomeAsync(Stream body, Memory<byte> destination, CancellationTokenSource stalled)
    {
        stalled.CancelAfter(StallLimit);
        var read = await body.ReadAsync(destination, stalled.Token);
        return read > 0 ? read : throw TelegramReply.Transient("downloading a document", "ended early");
    }
}
