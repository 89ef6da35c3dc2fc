using System.Security.Cryptography;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// SHA-256 of an upload as it arrived. Whoever copies the upload from its first byte on takes it along; what nobody has read by the end is
/// read for it.
/// </summary>
sealed class UploadHash : IDisposable
{
    const int PieceBytes = 4 << 20;

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long _taken;

    /// <summary>The next bytes of the upload.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _taken += bytes.Length;
    }

    /// <summary>Reads what is left of the upload; 64 lower-case hex digits. Once.</summary>
    /// <exception cref="StagedBlobChangedException">The upload was replaced or removed.</exception>
    public async Task<string> FinishAsync(IStaging staging, StagedBlob upload, CancellationToken cancellationToken)
    {
        var piece = PiecePool.Rent(PieceBytes, upload.LengthBytes - _taken);
        try
        {
            while (_taken < upload.LengthBytes)
            {
                var memory = piece.AsMemory(0, (int)Math.Min(piece.Length, upload.LengthBytes - _taken));
                await staging.ReadAsync(upload, _taken, memory, cancellationToken);
                Append(memory.Span);
            }
        }
        finally
        {
            PiecePool.Return(piece);
        }

        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();
}
