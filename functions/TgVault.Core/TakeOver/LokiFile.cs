using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TgVault.Core.TakeOver;

/// <summary>One document of a collection. The caller disposes of it.</summary>
sealed record LokiDocument(string Collection, JsonDocument Content) : IDisposable
{
    public JsonElement Root => Content.RootElement;

    public void Dispose() => Content.Dispose();
}

/// <summary>
/// Reads what the emulator's database (LokiJS) wrote: one JSON object with <c>collections</c>, each with its <c>name</c> and then its
/// <c>data</c>. One document is in memory at a time, whatever the file's size.
/// </summary>
static class LokiFile
{
    const int FirstBufferBytes = 256 << 10;

    // A row has at most 1 MiB, and a blob names at most 50,000 blocks: either is a fraction of this as JSON.
    const int MostDocumentBytes = 64 << 20;

    // Where in the nesting a document of a collection begins: {"collections":[{"data":[ HERE.
    const int CollectionDepth = 2;
    const int DocumentDepth = 4;

    /// <summary>All documents in the file's order; none where there is no file.</summary>
    /// <exception cref="TakeOverException">The file is damaged, or something else.</exception>
    public static async IAsyncEnumerable<LokiDocument> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            yield break;
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            }
        );
        var walk = new Walk(path);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        var (start, end, isLast) = (0, 0, false);
        try
        {
            while (true)
            {
                var document = walk.Next(buffer.AsSpan(start, end - start), isLast, out var used);
                start += used;
                if (document is not null)
                {
                    yield return document;
                    continue;
                }

                if (isLast)
                    yield break;
                buffer = MakeRoom(path, buffer, ref start, ref end);
                var read = await file.ReadAsync(buffer.AsMemory(end), cancellationToken);
                end += read;
                isLast = read == 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static byte[] MakeRoom(string path, byte[] buffer, ref int start, ref int end)
    {
        var held = buffer.AsSpan(start, end - start);
        var larger = buffer;
        if (held.Length > buffer.Length / 2)
        {
            if (buffer.Length >= MostDocumentBytes)
                throw TakeOverException.Unreadable(path, "a document in it is too large");
            larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        }

        held.CopyTo(larger);
        (start, end) = (0, held.Length);
        if (larger != buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Where in the file reading is, between one buffer and the next.</summary>
    sealed class Walk(string path)
    {
        JsonReaderState _state;
        string _property = "";
        string? _collection;

        /// <summary>The next document; null where more bytes are needed, or at the end of the last ones.</summary>
        public LokiDocument? Next(ReadOnlySpan<byte> bytes, bool isLast, out int used)
        {
            var reader = new Utf8JsonReader(bytes, isLast, _state);
            try
            {
                var document = Next(ref reader);
                used = (int)reader.BytesConsumed;
                _state = reader.CurrentState;
                return document;
            }
            catch (JsonException exception)
            {
                throw TakeOverException.Unreadable(path, "it is damaged", exception);
            }
        }

        LokiDocument? Next(ref Utf8JsonReader reader)
        {
            while (true)
            {
                var before = reader;
                if (!reader.Read())
                    return null;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName when reader.CurrentDepth <= CollectionDepth + 1:
                        _property = reader.GetString()!;
                        break;
                    case JsonTokenType.String when reader.CurrentDepth == CollectionDepth + 1 && _property == "name":
                        _collection = reader.GetString();
                        break;
                    case JsonTokenType.EndObject when reader.CurrentDepth == CollectionDepth:
                        _collection = null;
                        break;
                    case JsonTokenType.StartObject when reader.CurrentDepth == DocumentDepth && _property == "data":
                        if (!JsonDocument.TryParseValue(ref reader, out var content))
                        {
                            reader = before;
                            return null;
                        }

                        if (_collection is null)
                            throw TakeOverException.Unreadable(path, "a collection in it has no name before its data");
                        return new LokiDocument(_collection, content);
                }
            }
        }
    }
}
