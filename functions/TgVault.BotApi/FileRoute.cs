using System.Buffers;
using System.Globalization;
using Microsoft.Net.Http.Headers;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Store;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi;

/// <summary><c>GET /file/bot&lt;token&gt;/&lt;path&gt;</c>: a static file server with ranges, as the one in front of the Bot API seems to be.</summary>
sealed class FileRoute(MessageStore store, FileLinks links, FaultPlan faults, Counters counters)
{
    public async Task ServeAsync(HttpContext context, long botId, string path, CancellationToken cancellationToken)
    {
        var taken = faults.Take(FaultPlan.FileRoute, botId, null);
        await FaultAnswers.ThrowAsync(context, taken, "file", cancellationToken);
        if (links.Find(botId, path) is not { } number || store.FindDocument(number) is not { } document) throw BotApiException.NotFound();
        FileStream file;
        try
        {
            file = new FileStream(store.FullPath(document), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, useAsync: false);
        }
        catch (FileNotFoundException)
        {
            throw BotApiException.NotFound();
        }

        await using (file)
        {
            counters.CountFetch(document.Path);
            var ignored = taken.Any(fault => fault.Kind == FaultKind.RangeIgnored);
            if (Choose(context, document.SizeBytes, ignored) is not var (start, length)) return;
            if (HttpMethods.IsHead(context.Request.Method)) return;
            file.Position = start;
            await SendAsync(context, file, document, length, taken, cancellationToken);
        }
    }

    // One range, as RFC 9110 §14 has it; several, or none that can be read, give the whole file.
    static (long Start, long Length)? Choose(HttpContext context, long size, bool ignored)
    {
        var response = context.Response;
        response.ContentType = "application/octet-stream";
        if (!ignored) response.Headers.AcceptRanges = "bytes";
        if (ignored || !RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var ranges) || ranges.Unit != "bytes" || ranges.Ranges.Count != 1)
        {
            response.ContentLength = size;
            return (0, size);
        }

        var range = ranges.Ranges.First();
        var start = range.From ?? Math.Max(0, size - (range.To ?? 0));
        var end = range.From is null ? size - 1 : Math.Min(range.To ?? (size - 1), size - 1);
        if (start >= size || (range.From is null && range.To == 0))
        {
            response.StatusCode = 416;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{size}");
            response.ContentLength = 0;
            return null;
        }

        response.StatusCode = 206;
        response.ContentLength = end - start + 1;
        response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end}/{size}");
        return (start, end - start + 1);
    }

    async Task SendAsync(HttpContext context, FileStream file, StoredDocument document, long length, IReadOnlyList<Fault> taken, CancellationToken cancellationToken)
    {
        var flip = Place(FaultKind.FlippedBit) ?? -1;
        var truncate = Place(FaultKind.TruncatedBody);
        var stall = Place(FaultKind.StalledBody);
        var stop = truncate ?? stall ?? length;
        var pace = new PacedCopy(faults.DownloadBytesPerSecond);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        var sent = 0L;
        try
        {
            while (sent < stop)
            {
                var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(pace.PieceBytes, stop - sent)), cancellationToken);
                if (read == 0) break;
                if (flip >= sent && flip < sent + read) buffer[flip - sent] ^= 1;
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent += read;
                counters.CountBytes(document.Path, read);
                await pace.MovedAsync(read, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (stop == length) return;
        await context.Response.Body.FlushAsync(cancellationToken);
        if (stall is not null) await Task.Delay(TimeSpan.FromSeconds(taken.First(fault => fault.Kind == FaultKind.StalledBody).Seconds), cancellationToken);
        context.Abort();

        long? Place(FaultKind kind) => taken.FirstOrDefault(fault => fault.Kind == kind) is { } fault ? Math.Min(fault.Bytes ?? (length / 2), length - 1) : null;
    }
}
