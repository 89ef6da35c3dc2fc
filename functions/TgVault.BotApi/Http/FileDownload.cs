using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Http;

/// <summary>A document's bytes as a static file server gives them (RFC 9110 §14), and the ways that goes wrong.</summary>
sealed class FileDownload(FaultPlan faults, Counters counters)
{
    public async Task SendAsync(HttpContext context, StoredFile file, Strike strike, CancellationToken cancellationToken)
    {
        using var content = Open(file);
        var response = context.Response;
        var (first, last) = (0L, content.Length - 1);
        response.ContentType = "application/octet-stream";
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{file.Number:x}-{content.Length:x}\"");
        if (!strike.Is(FaultKind.RangeIgnored))
        {
            response.Headers.AcceptRanges = "bytes";
            if (Asked(context.Request.GetTypedHeaders(), response.Headers.ETag.ToString()) is { } asked)
            {
                if (Within(asked, content.Length) is not { } range)
                {
                    response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                    response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{content.Length}");
                    return;
                }

                (first, last) = range;
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{content.Length}");
            }
        }

        var length = last - first + 1;
        response.ContentLength = length;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        var cut = strike.Is(FaultKind.TruncatedBody) ? Math.Clamp(strike.Fault!.AtByte ?? length / 2, 0, Math.Max(0, length - 1)) : length;
        var flip = strike.Is(FaultKind.FlippedBit) ? strike.Fault!.AtByte ?? first + (length / 2) : -1;
        content.Seek(first, SeekOrigin.Begin);
        await CopyAsync(content, response, first, cut, flip, cancellationToken);
        if (cut == length)
            return;
        await response.Body.FlushAsync(cancellationToken);
        context.Abort();
    }

    async Task CopyAsync(FileStream content, HttpResponse response, long offset, long left, long flip, CancellationToken cancellationToken)
    {
        var pacing = new Pacing(faults.BytesPerSecond);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (left > 0)
            {
                var read = await content.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(left, pacing.Portion(buffer.Length))),
                    cancellationToken
                );
                if (read == 0)
                    throw new EndOfStreamException();
                if (flip >= offset && flip < offset + read)
                    buffer[flip - offset] ^= 1;
                await pacing.PassAsync(read, cancellationToken);
                await response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                counters.Sent(read);
                offset += read;
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static FileStream Open(StoredFile file)
    {
        try
        {
            return new FileStream(
                file.Path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 0,
                useAsync: true
            );
        }
        catch (FileNotFoundException)
        {
            throw Refusal.NotFound();
        }
    }

    // Several ranges at once, malformed ones and those for another version get the whole file, as RFC 9110 §14.2 allows.
    static RangeItemHeaderValue? Asked(RequestHeaders headers, string tag)
    {
        if (headers.Range is not { Ranges.Count: 1 } range || range.Unit != "bytes")
            return null;
        return headers.IfRange is { } condition && condition.EntityTag?.ToString() != tag ? null : range.Ranges.Single();
    }

    static (long First, long Last)? Within(RangeItemHeaderValue asked, long length)
    {
        if (asked.From is { } from)
            return from >= length ? null : (from, Math.Min(asked.To ?? long.MaxValue, length - 1));
        return asked.To is > 0 and var suffix && length > 0 ? (Math.Max(0, length - suffix), length - 1) : null;
    }
}
