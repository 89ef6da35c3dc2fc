using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TgVault.Web.Streams;

/// <summary>
/// What a request's Range header asks of a file, before the framework answers it (it does all of RFC 9110 §14). Only what the
/// framework does not know is decided here: windows, HEAD, and how far reading ahead makes sense.
/// </summary>
internal static class RequestedRange
{
    /// <summary>
    /// Adapts the request and returns where the answer will end (exclusive). An open-ended range (<c>bytes=n-</c>) is cut to
    /// <paramref name="windowBytes"/> where a browser's video or audio element asks: a shorter 206 is allowed (RFC 9110 §15.3.7)
    /// and these ask for the rest, while a seek costs at most a window. Others take a short answer for a broken one (ffmpeg and what
    /// is built on it) or for the whole (curl -C -), so they get all that is left. A range with an end and a suffix range are never
    /// shortened. 0 = no windows.
    /// </summary>
    public static long Prepare(HttpRequest request, long lengthBytes, long windowBytes)
    {
        // Range is defined for GET only (RFC 9110 §14.2); the framework would give a HEAD the headers of a 206.
        if (!HttpMethods.IsGet(request.Method))
        {
            request.Headers.Remove(HeaderNames.Range);
            return 0;
        }

        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header))
            return lengthBytes;
        if (!header.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            // An unknown unit is ignored (RFC 9110 §14.2); the framework would take it for bytes.
            request.Headers.Remove(HeaderNames.Range);
            return lengthBytes;
        }

        if (header.Ranges.Count != 1)
            return lengthBytes;
        var range = header.Ranges.First();
        if (range is not { From: { } from })
            return lengthBytes;
        if (range.To is { } to)
            return to < lengthBytes ? to + 1 : lengthBytes;
        if (windowBytes <= 0 || from >= lengthBytes || lengthBytes - from <= windowBytes || !IsMediaElement(request))
            return lengthBytes;
        request.Headers.Range = new RangeHeaderValue(from, from + windowBytes - 1).ToString();
        return from + windowBytes;
    }

    // https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
    static bool IsMediaElement(HttpRequest request) => request.Headers["Sec-Fetch-Dest"].ToString() is "video" or "audio";
}
