using System.Buffers.Binary;

namespace TgVault.Cli.Chaos.Model;

/// <summary>Bytes that look random and can be computed anywhere: a file of any size is a seed, and is never held.</summary>
static class Noise
{
    /// <summary>What SplitMix64 (Steele, Lea, Flood 2014) adds for each number.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15;

    const int WordBytes = 8;

    /// <summary>The finaliser of SplitMix64.</summary>
    public static ulong Mix(ulong word)
    {
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }

    /// <summary>The bytes of this seed from an offset on.</summary>
    public static void Fill(ulong seed, long offset, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[WordBytes];
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix(seed + ((ulong)(offset / WordBytes) * Step)));
            var part = word[(int)(offset % WordBytes)..];
            var count = Math.Min(part.Length, destination.Length);
            part[..count].CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }
    }
}
