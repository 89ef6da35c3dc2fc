using System.Buffers.Binary;

namespace TgVault.Core.Crypto;

/// <summary>The clear start of a sealed document.</summary>
/// <param name="VaultKeyVersion">Which version of the vault key it is sealed under.</param>
/// <param name="Parameters">How that key comes from the master secret; null where it does not.</param>
/// <param name="Salt">32 random bytes: the document's own.</param>
sealed record DocumentHeader(int VaultKeyVersion, VaultKeyParameters? Parameters, ReadOnlyMemory<byte> Salt)
{
    internal const byte Version = 1;

    /// <summary>magic 4, version 1, zero 3, vault key version 4, memory 4, passes 4, Argon2 salt 16, check 16, salt 32.</summary>
    internal const int SizeBytes = SaltOffset + SealedChunk.SaltBytes;

    const int KeyVersionOffset = 8;
    const int MemoryOffset = 12;
    const int PassesOffset = 16;
    const int ArgonSaltOffset = 20;
    const int CheckOffset = ArgonSaltOffset + VaultKeyParameters.SaltBytes;
    const int SaltOffset = CheckOffset + VaultKeyParameters.CheckBytes;

    static ReadOnlySpan<byte> Start => "TGVD\u0001\0\0\0"u8;

    internal static void Write(Span<byte> document, VaultKey key, ReadOnlySpan<byte> salt)
    {
        document[..SizeBytes].Clear();
        Start.CopyTo(document);
        BinaryPrimitives.WriteInt32BigEndian(document[KeyVersionOffset..], key.Version);
        if (key.Parameters is { } parameters)
        {
            BinaryPrimitives.WriteInt32BigEndian(document[MemoryOffset..], parameters.MemoryKiB);
            BinaryPrimitives.WriteInt32BigEndian(document[PassesOffset..], parameters.Passes);
            parameters.Salt.Span.CopyTo(document[ArgonSaltOffset..]);
            parameters.Check.Span.CopyTo(document[CheckOffset..]);
        }

        salt.CopyTo(document[SaltOffset..]);
    }

    internal static DocumentHeader? TryRead(ReadOnlySpan<byte> document)
    {
        if (document.Length < SizeBytes || !document.StartsWith(Start))
            return null;
        var version = BinaryPrimitives.ReadInt32BigEndian(document[KeyVersionOffset..]);
        if (version < 1)
            return null;
        var salt = document.Slice(SaltOffset, SealedChunk.SaltBytes).ToArray();
        var memory = BinaryPrimitives.ReadInt32BigEndian(document[MemoryOffset..]);
        if (memory == 0)
            return new DocumentHeader(version, null, salt);
        var parameters = new VaultKeyParameters(
            version,
            document.Slice(ArgonSaltOffset, VaultKeyParameters.SaltBytes).ToArray(),
            memory,
            BinaryPrimitives.ReadInt32BigEndian(document[PassesOffset..]),
            document.Slice(CheckOffset, VaultKeyParameters.CheckBytes).ToArray()
        );
        return parameters.AreInRange ? new DocumentHeader(version, parameters, salt) : null;
    }
}
