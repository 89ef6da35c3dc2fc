using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TgVault.Core.Streams;

namespace TgVault.Core.Catalogue;

/// <summary>A JSON object that says which version of its form it has.</summary>
interface IVersioned
{
    int Version { get; }
}

/// <summary>What is inside sealed documents: gzip of one JSON object, unpacked with a bound.</summary>
static class PackedJson
{
    /// <summary>Four times what the largest manifest unpacks to; a small document must not be able to fill the memory.</summary>
    public const int MaxBytes = 128 << 20;

    public static byte[] Pack<T>(T value, JsonTypeInfo<T> type)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            JsonSerializer.Serialize(gzip, value, type);
        return packed.ToArray();
    }

    /// <exception cref="IntegrityException">No such object, of a higher version, or larger than <see cref="MaxBytes"/>.</exception>
    public static T Unpack<T>(byte[] packed, JsonTypeInfo<T> type, int newestVersion, int maxBytes = MaxBytes)
        where T : IVersioned
    {
        T? value;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            value = JsonSerializer.Deserialize(new BoundedStream(gzip, maxBytes), type);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new IntegrityException("The document opens, but holds no object of a form this vault knows.", exception);
        }

        if (value is null || value.Version < 1 || value.Version > newestVersion)
            throw new IntegrityException($"The document has version {value?.Version}; this vault reads up to {newestVersion}.");
        return value;
    }

    /// <summary>Reads another stream up to a number of bytes and fails beyond it.</summary>
    sealed class BoundedStream(Stream source, long bound) : ReadOnlyStream
    {
        long _left = bound;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => Count(source.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await source.ReadAsync(buffer, cancellationToken));

        int Count(int read)
        {
            _left -= read;
            return _left >= 0 ? read : throw new InvalidDataException("The document unpacks to more than this vault reads.");
        }
    }
}
