using System.Buffers.Binary;

namespace TgVault.Core.Tests.Mp4;

/// <summary>Damages a file the way hostile and broken ones are damaged; the same seed gives the same damage.</summary>
static class Mutation
{
    static readonly uint[] Sizes =
    [
        0,
        1,
        7,
        8,
        9,
        15,
        16,
        0x7FFFFFFF,
        0x80000000,
        0xFFFFFFFF,
        0xFFFFFFF8,
        0x40000000,
        0x20000001,
        0x10000000,
        65536,
    ];

    /// <summary>A damaged copy. Most damage goes between <paramref name="from"/> and <paramref name="to"/>:
    /// the part that is parsed.</summary>
    public static byte[] Apply(byte[] original, int from, int to, int seed)
    {
        var random = new Random(seed);
        var file = original.ToArray();
        for (var rounds = 1 + random.Next(4); rounds > 0 && file.Length > 16; rounds--)
        {
            to = Math.Min(to, file.Length - 8);
            from = Math.Min(from, to - 1);
            var at = random.Next(10) == 0 ? random.Next(file.Length - 8) : random.Next(from, to);
            file = Once(file, at, random);
        }

        return file;
    }

    static byte[] Once(byte[] file, int at, Random random)
    {
        switch (random.Next(7))
        {
            case 0:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
            case 1:
                file[at] = (byte)random.Next(256);
                return file;
            case 2:
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), Sizes[random.Next(Sizes.Length)]);
                return file;
            case 3:
                var number = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), number + (uint)random.Next(-9, 10));
                return file;
            case 4:
                return [.. file.AsSpan(0, at), .. file.AsSpan(Math.Min(file.Length, at + (4 * random.Next(1, 9))))];
            case 5:
                var length = Math.Min(file.Length - at, 4 * random.Next(1, 64));
                return [.. file.AsSpan(0, at), .. file.AsSpan(at, length), .. file.AsSpan(at)];
            default:
                var source = random.Next(file.Length - 8);
                file.AsSpan(source, 8).CopyTo(file.AsSpan(at));
                return file;
        }
    }
}
