using System.Buffers.Binary;
using Azure.Storage;
using TgVault.Core.Staging.Folder;

namespace TgVault.Web.Staging;

/// <summary>
/// The content of a structured message (XSM/1.0), in which newer clients of blob storage send bytes with CRC64s between them: a header
/// (version, length, flags, how many segments), segments (number, length, content, CRC64), and the CRC64 of all content. Numbers are little
/// endian. Reading fails where anything does not fit; so it comes to its end only if all was as the client sent it.
/// </summary>
internal sealed class StructuredBody(Stream body, long messageBytes) : Stream
{
    /// <summary>What the header <c>x-ms-structured-body</c> says of it.</summary>
    public const string Kind = "XSM/1.0; properties=crc64";

    const int HeaderBytes = 13;
    const int SegmentHeaderBytes = 10;
    const int Crc64Bytes = 8;
    const byte Version = 1;
    const ushort HasCrc64 = 1;

    readonly StorageCrc64HashAlgorithm _all = StorageCrc64HashAlgorithm.Create();
    readonly StorageCrc64HashAlgorithm _segment = StorageCrc64HashAlgorithm.Create();
    readonly byte[] _fields = new byte[HeaderBytes];
    int _segments = -1;
    int _number;
    long _left;
    bool _isOver;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_segments < 0)
            await BeginAsync(cancellationToken);
        while (_left == 0 && !_isOver)
        {
            if (_number < _segments)
                await BeginSegmentAsync(cancellationToken);
            else
                await EndAsync(cancellationToken);
        }

        if (_isOver || buffer.IsEmpty)
            return 0;
        var read = await body.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        if (read == 0)
            throw new UploadRefusedException(UploadRefusal.Incomplete, "The structured body ends in the middle.");
        _all.Append(buffer.Span[..read]);
        _segment.Append(buffer.Span[..read]);
        _left -= read;
        if (_left == 0)
            await CheckAsync(_segment, cancellationToken);
        return read;
    }

    async Task BeginAsync(CancellationToken cancellationToken)
    {
        var header = await FieldsAsync(HeaderBytes, cancellationToken);
        if (
            header.Span[0] != Version
            || BinaryPrimitives.ReadInt64LittleEndian(header.Span[1..]) != messageBytes
            || BinaryPrimitives.ReadUInt16LittleEndian(header.Span[9..]) != HasCrc64
        )
            throw Malformed();
        _segments = BinaryPrimitives.ReadUInt16LittleEndian(header.Span[11..]);
    }

    async Task BeginSegmentAsync(CancellationToken cancellationToken)
    {
        var header = await FieldsAsync(SegmentHeaderBytes, cancellationToken);
        _left = BinaryPrimitives.ReadInt64LittleEndian(header.Span[2..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(header.Span) != ++_number || _left < 0 || _left > messageBytes)
            throw Malformed();
        _segment.Reset();
        if (_left == 0)
            await CheckAsync(_segment, cancellationToken);
    }

    async Task EndAsync(CancellationToken cancellationToken)
    {
        await CheckAsync(_all, cancellationToken);
        if (await body.ReadAsync(_fields.AsMemory(0, 1), cancellationToken) != 0)
            throw Malformed();
        _isOver = true;
    }

    async Task CheckAsync(StorageCrc64HashAlgorithm actual, CancellationToken cancellationToken)
    {
        var sent = await FieldsAsync(Crc64Bytes, cancellationToken);
        if (!actual.GetCurrentHash().AsSpan().SequenceEqual(sent.Span))
            throw new UploadRefusedException(UploadRefusal.Crc64Mismatch, "What arrived does not have the CRC64 that was sent with it.");
    }

    async Task<ReadOnlyMemory<byte>> FieldsAsync(int count, CancellationToken cancellationToken) =>
        await body.ReadAtLeastAsync(_fields.AsMemory(0, count), count, throwOnEndOfStream: false, cancellationToken) == count
            ? _fields.AsMemory(0, count)
            : throw new UploadRefusedException(UploadRefusal.Incomplete, "The structured body ends in the middle.");

    static UploadRefusedException Malformed() => new(UploadRefusal.Incomplete, "The structured body does not have the form of XSM/1.0.");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
