using System.Buffers.Binary;
using System.Text;

namespace TgVault.Core.Crypto;

/// <summary>
/// What a wrapped data key is bound to (its associated data): so the length and the cut of a file cannot be changed in the records
/// without its key failing to open.
/// </summary>
/// <param name="ChunkPlan">The plan's text form.</param>
readonly record struct KeyBinding(VideoId Video, int Attempt, long LengthBytes, string ChunkPlan)
{
    internal byte[] ToBytes()
    {
        const int fixedBytes = VideoId.SizeBytes + sizeof(int) + sizeof(long);
        var bytes = new byte[fixedBytes + Encoding.UTF8.GetByteCount(ChunkPlan)];
        Video.WriteTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(VideoId.SizeBytes), Attempt);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(VideoId.SizeBytes + sizeof(int)), LengthBytes);
        Encoding.UTF8.GetBytes(ChunkPlan, bytes.AsSpan(fixedBytes));
        return bytes;
    }
}
