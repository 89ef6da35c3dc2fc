using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Store;

namespace TgVault.BotApi.Http;

/// <summary>Reads a call's parameters from query, form, JSON or multipart. Files go straight to disk, so memory does not depend on their
/// size.</summary>
sealed class RequestReading(PostStore store, FaultPlan faults, Counters counters)
{
    /// <summary>The proxy in front of Telegram takes bodies of 50 MB.</summary>
    public const long MostBodyBytes = 50 << 20;

    const int MostTextBytes = 1 << 20;
    const int MostFiles = 50;
    const int CopyBytes = 128 << 10;

    /// <summary>Fills <paramref name="parameters"/>; also where it throws, what it stored is listed there.</summary>
    /// <exception cref="Refusal">Too large, or not readable.</exception>
    public async Task ReadAsync(HttpRequest request, CallParameters parameters, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MostBodyBytes)
            throw Refusal.TooLarge();
        foreach (var (name, value) in request.Query)
            parameters.Set(name, value.ToString());
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return;
        var body = new MeteredBody(request.Body, MostBodyBytes, faults.BytesPerSecond);
        try
        {
            if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
                await ReadMultipartAsync(type, body, parameters, cancellationToken);
            else if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
                ReadJson(await ReadTextAsync(body, MostTextBytes, cancellationToken), parameters);
            else if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var (name, value) in QueryHelpers.ParseQuery(await ReadTextAsync(body, MostTextBytes, cancellationToken)))
                    parameters.Set(name, value.ToString());
            }
        }
        catch (Exception exception)
            when (exception is InvalidDataException
                || (exception is IOException && !cancellationToken.IsCancellationRequested && exception is not BadHttpRequestException)
            )
        {
            throw Refusal.BadRequest("can't parse the request body");
        }
    }

    async Task ReadMultipartAsync(
        MediaTypeHeaderValue type,
        MeteredBody body,
        CallParameters parameters,
        CancellationToken cancellationToken
    )
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > 200)
            throw Refusal.BadRequest("can't parse the request body");
        var reader = new MultipartReader(boundary, body);
        var (texts, files) = (MostTextBytes, 0);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
            {
                if (++files > MostFiles)
                    throw Refusal.BadRequest("too many files in the request");
                var fileName = disposition.FileNameStar.HasValue
                    ? disposition.FileNameStar.ToString()
                    : HeaderUtilities.RemoveQuotes(disposition.FileName).ToString();
                await ReceiveAsync(section.Body, name, fileName, parameters, cancellationToken);
                continue;
            }

            var text = await ReadTextAsync(section.Body, texts, cancellationToken);
            texts -= Encoding.UTF8.GetByteCount(text);
            parameters.Set(name, text);
        }
    }

    async Task ReceiveAsync(Stream content, string name, string fileName, CallParameters parameters, CancellationToken cancellationToken)
    {
        var path = store.NewIncomingPath();
        parameters.Set(name, new Upload(path, fileName, 0));
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                await StoreAsync(file.WriteAsync(buffer.AsMemory(0, read), cancellationToken));
            await StoreAsync(new ValueTask(Task.Run(() => file.Flush(flushToDisk: true), cancellationToken)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        counters.Received(file.Length);
        parameters.Set(name, new Upload(path, fileName, file.Length));
    }

    // The disk, mostly a full one: nothing is wrong with the call, which may come again.
    static async Task StoreAsync(ValueTask writing)
    {
        try
        {
            await writing;
        }
        catch (IOException)
        {
            throw Refusal.Broken();
        }
    }

    static void ReadJson(string text, CallParameters parameters)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        try
        {
            using var json = JsonDocument.Parse(text);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                parameters.Set(
                    property.Name,
                    property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText()
                );
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refusal.BadRequest("can't parse JSON object");
        }
    }

    static async Task<string> ReadTextAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await body.ReadAsync(buffer, cancellationToken) is var read && read > 0)
            {
                if (text.Length + read > most)
                    throw Refusal.TooLarge();
                text.Write(buffer, 0, read);
            }

            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
