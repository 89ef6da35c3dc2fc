using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Relocation;

namespace TgVault.Core.Tests.Mp4;

/// <summary>Bytes or a file as the MP4 code reads them, with a count of what was read.</summary>
sealed class Source : IDisposable
{
    readonly byte[] _bytes = [];
    readonly SafeFileHandle? _file;

    public Source(byte[] bytes) => (_bytes, LengthBytes) = (bytes, bytes.Length);

    public Source(string path)
    {
        _file = File.OpenHandle(path);
        LengthBytes = RandomAccess.GetLength(_file);
    }

    public long LengthBytes { get; }

    public long BytesRead { get; private set; }

    public Task ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Assert.InRange(offset, 0, LengthBytes - destination.Length);
        BytesRead += destination.Length;
        if (_file is null)
            _bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
        else
            Assert.Equal(destination.Length, RandomAccess.Read(_file, destination.Span, offset));
        return Task.CompletedTask;
    }

    public byte[] Read(SourceRange range)
    {
        var bytes = new byte[range.LengthBytes];
        Assert.True(ReadAsync(range.Offset, bytes, default).IsCompletedSuccessfully);
        return bytes;
    }

    public Task<Mp4Layout> LayoutAsync() => Mp4Layout.ReadAsync(ReadAsync, LengthBytes, default);

    public Task<Mp4Head> HeadAsync() => Mp4Head.ReadAsync(ReadAsync, LengthBytes, default);

    public async Task<MoovRelocation> RelocateAsync() => MoovRelocation.Plan(await HeadAsync());

    /// <summary>The index, by way of its encoded form.</summary>
    public async Task<Mp4Index> IndexAsync() => Mp4Index.Decode((await Mp4Index.BuildAsync(ReadAsync, LengthBytes, default)).Encode());

    public byte[] Read(MediaPart part) => [.. part.Header.Span, .. part.Ranges.SelectMany(Read)];

    /// <summary>All of it, part by part.</summary>
    public byte[] Read(FragmentedFile file) => [.. Parts(file).SelectMany(placed => Read(placed.Part))];

    /// <summary>The parts that the file consists of, in order.</summary>
    public static IEnumerable<PlacedPart> Parts(FragmentedFile file)
    {
        for (var offset = 0L; offset < file.LengthBytes; )
        {
            var placed = file.PartAt(offset);
            Assert.Equal(offset, placed.Start);
            yield return placed;
            offset = placed.End;
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A box with these parts as its payload: bytes, text (its Latin-1 bytes), int (32 bits), long (64 bits).</summary>
    public static byte[] Box(string type, params object[] parts)
    {
        byte[] payload = [.. parts.SelectMany(Bytes)];
        return [.. Bytes(payload.Length + 8), .. Encoding.Latin1.GetBytes(type), .. payload];
    }

    public static byte[] Bytes(object part)
    {
        switch (part)
        {
            case byte[] bytes:
                return bytes;
            case string text:
                return Encoding.Latin1.GetBytes(text);
            case int number:
                var small = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(small, number);
                return small;
            case long number:
                var large = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(large, number);
                return large;
            default:
                throw new ArgumentException("Bytes, text, int or long.", nameof(part));
        }
    }
}
