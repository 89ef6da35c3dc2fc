using TgVault.Core.Chunks;

namespace TgVault.Core.Videos;

/// <summary>One stored chunk: where it is, and the salt that its key comes from.</summary>
sealed record ChunkRecord(ChunkNumber Number, int LengthBytes, ReadOnlyMemory<byte> Salt, ChunkReceipt Receipt);
