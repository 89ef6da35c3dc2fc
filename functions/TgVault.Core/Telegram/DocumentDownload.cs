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

    /// <summary>Fills the destination; false where the link does not work (any more).</summary>
    /// <param name="documentBytes">How long the document was when it was stored.</param>
    /// <param name="stallLimit">
    /// How long without a byte: HttpClient's own limit ends with the headers, so a stalled body would hang for ever.
    /// </param>
    /// <exception cref="IntegrityException">The document is shorter than it was: asking again does not help.</exception>
    /// <exception cref="ChunkStoreException">Anything else went wrong.</exception>
    public static async Task<bool> TryReadAsync(
        HttpClient http,
        string url,
        long offset,
        Memory<byte> destination,
        long documentBytes,
        TimeSpan stallLimit,
        CancellationToken cancellationToken
    )
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(offset, offset + destination.Length - 1);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stalled.Token);
            CheckWhole(response, documentBytes);
            switch (response.StatusCode)
            {
                case HttpStatusCode.PartialContent:
                    CheckContentRange(response, offset, destination.Length);
                    await FillAsync(response, 0, destination, stallLimit, stalled);
                    return true;
                case HttpStatusCode.OK:
                    await FillAsync(response, offset, destination, stallLimit, stalled);
                    return true;
                case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound:
                    return false;
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                    throw new ChunkStoreException(
                        ChunkStoreFailure.Gone,
                        "Telegram, downloading a document: it is shorter than what was stored."
                    );
                default:
                    throw TelegramReply.ClassifyDownload(response.StatusCode, response.Headers.RetryAfter?.Delta);
            }
        }
        catch (Exception exception) when ((exception is HttpRequestException or IOException) && !cancellationToken.IsCancellationRequested)
        {
            throw TelegramReply.Transient("downloading a document", "broke off");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TelegramReply.Transient("downloading a document", "stalled");
        }
    }

    // What the server says of the whole document, whichever part of it was asked for. A body that breaks off says nothing of it.
    static void CheckWhole(HttpResponseMessage response, long documentBytes)
    {
        var whole = response.StatusCode switch
        {
            HttpStatusCode.OK => response.Content.Headers.ContentLength,
            HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable => response.Content.Headers.ContentRange?.Length,
            _ => null,
        };
        if (whole < documentBytes)
            throw new IntegrityException($"A document has {whole} bytes in Telegram and had {documentBytes} when it was stored.");
    }

    static void CheckContentRange(HttpResponseMessage response, long offset, int length)
    {
        var range = response.Content.Headers.ContentRange;
        if (range?.From != offset || range.To != offset + length - 1)
            throw TelegramReply.Transient("downloading a document", "gave another range than was asked for");
    }

    static async Task FillAsync(
        HttpResponseMessage response,
        long skip,
        Memory<byte> destination,
        TimeSpan stallLimit,
        CancellationTokenSource stalled
    )
    {
        await using var body = await response.Content.ReadAsStreamAsync(stalled.Token);
        var discard = ArrayPool<byte>.Shared.Rent(SkipBytes);
        try
        {
            while (skip > 0)
                skip -= await ReadSomeAsync(body, discard.AsMemory(0, (int)Math.Min(skip, discard.Length)), stallLimit, stalled);
            while (!destination.IsEmpty)
                destination = destination[await ReadSomeAsync(body, destination, stallLimit, stalled)..];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(discard);
        }
    }

    static async Task<int> ReadSomeAsync(Stream body, Memory<byte> destination, TimeSpan stallLimit, CancellationTokenSource stalled)
    {
        stalled.CancelAfter(stallLimit);
        var read = await body.ReadAsync(destination, stalled.Token);
        return read > 0 ? read : throw TelegramReply.Transient("downloading a document", "ended early");
    }
}
