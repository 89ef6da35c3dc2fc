using TgVault.Core.Chunks;

namespace TgVault.Core.Videos;

/// <summary>One stored chunk: where it is, and the salt that its key comes from.</summary>
/// <param name="Index">Its number within the attempt: see <see cref="FileChunk.Number"/>.</param>
public sealed record ChunkRecord(int Index, int LengthBytes, ReadOnlyMemory<byte> Salt, ChunkReceipt Receipt);
