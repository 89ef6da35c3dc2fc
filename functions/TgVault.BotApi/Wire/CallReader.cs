using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using TgVault.BotApi.Faults;

namespace TgVault.BotApi.Wire;

/// <summary>Reads parameters from the query, a form, JSON or multipart; files go straight to disk in pieces.</summary>
sealed class CallReader(string incomingFolder, FaultPlan faults)
{
    /// <summary>"50 MB" (Bot API, "Sending files"), which the front end enforces.</summary>
    public const long MaxFileBytes = 50 << 20;

    const int MaxTextBytes = 1 << 20;
    const int MaxFiles = 50;

    /// <exception cref="BotApiException">The request is too large or cannot be read.</exception>
    public async Task ReadAsync(HttpRequest request, Call call, CancellationToken cancellationToken)
    {
        foreach (var (name, values) in request.Query) call.Parameters[name] = values.ToString();
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return;
        if (request.ContentLength > MaxFileBytes + MaxTextBytes) throw BotApiException.TooLarge();
        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) ReadJson(await ReadTextAsync(request.Body, MaxTextBytes, cancellationToken), call);
        else if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (name, values) in QueryHelpers.ParseQuery(await ReadTextAsync(request.Body, MaxTextBytes, cancellationToken))) call.Parameters[name] = values.ToString();
        }
        else if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) await ReadMultipartAsync(request, type, call, cancellationToken);
    }

    async Task ReadMultipartAsync(HttpRequest request, MediaTypeHeaderValue type, Call call, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary)) throw BotApiException.BadRequest("boundary not found in the Content-Type header");
        var reader = new MultipartReader(boundary, request.Body, 1 << 16);
        var text = 0;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
                {
                    if (call.Files.Count == MaxFiles) throw BotApiException.TooLarge();
                    var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
                    await ReadFileAsync(section.Body, name, fileName, call, cancellationToken);
                }
                else
                {
                    call.Parameters[name] = await ReadTextAsync(section.Body, MaxTextBytes - text, cancellationToken);
                    text += call.Parameters[name].Length;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException && !cancellationToken.IsCancellationRequested))
        {
            throw BotApiException.BadRequest("can't parse the multipart body");
        }
    }

    async Task ReadFileAsync(Stream body, string part, string fileName, Call call, CancellationToken cancellationToken)
    {
        var path = Path.Combine(incomingFolder, Guid.NewGuid().ToString("N"));
        call.Files[part] = new UploadedFile(path, fileName, 0);
        var pace = new PacedCopy(faults.UploadBytesPerSecond);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: false);
            var size = 0L;
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(0, pace.PieceBytes), cancellationToken)) > 0)
            {
                size += read;
                if (size > MaxFileBytes) throw BotApiException.TooLarge();
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                await pace.MovedAsync(read, cancellationToken);
            }

            call.Files[part] = new UploadedFile(path, fileName, size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static void ReadJson(string text, Call call)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw BotApiException.BadRequest("can't parse JSON object");
            foreach (var property in json.RootElement.EnumerateObject())
                if (property.Value.ValueKind != JsonValueKind.Null) call.Parameters[property.Name] = property.Value.ToString();
        }
        catch (JsonException)
        {
            throw BotApiException.BadRequest("can't parse JSON object");
        }
    }

    static async Task<string> ReadTextAsync(Stream body, int longest, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Length + read > longest) throw BotApiException.TooLarge();
            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
