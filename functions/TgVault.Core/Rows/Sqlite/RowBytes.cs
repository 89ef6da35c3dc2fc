using System.Buffers.Binary;
using System.Text;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// The values of a row as bytes: a byte for the form, then for each value its name, a byte for its type, and the value. Texts are UTF-8,
/// before them and before arrays their length, seven bits a byte, the lowest first; numbers are little-endian, times ticks of UTC.
/// </summary>
static class RowBytes
{
    const byte Form = 1;

    enum Kind : byte
    {
        Text = 1,
        Int32 = 2,
        Int64 = 3,
        False = 4,
        True = 5,
        Time = 6,
        Bytes = 7,
    }

    public static byte[] Write(Row row)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Form);
        foreach (var (name, value) in row.Values)
        {
            writer.Write(name);
            Write(writer, value);
        }

        return stream.ToArray();
    }

    /// <summary>Sets the values that are wanted; the others are passed over.</summary>
    /// <param name="columns">Null for all.</param>
    /// <exception cref="StorageException">The bytes were not written here.</exception>
    public static void Read(ReadOnlySpan<byte> data, Row row, string[]? columns)
    {
        var left = data;
        if (Take(ref left, 1, row)[0] != Form)
            throw Damaged(row);
        while (left.Length > 0)
        {
            var name = Encoding.UTF8.GetString(Take(ref left, TakeLength(ref left, row), row));
            var kind = (Kind)Take(ref left, 1, row)[0];
            var isWanted = columns is null || columns.Contains(name, StringComparer.Ordinal);
            if (kind is Kind.Text or Kind.Bytes)
            {
                var bytes = Take(ref left, TakeLength(ref left, row), row);
                if (isWanted)
                    row[name] = kind == Kind.Text ? Encoding.UTF8.GetString(bytes) : bytes.ToArray();
            }
            else
            {
                object value = kind switch
                {
                    Kind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Take(ref left, 4, row)),
                    Kind.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Take(ref left, 8, row)),
                    Kind.False => false,
                    Kind.True => true,
                    Kind.Time => TakeTime(ref left, row),
                    _ => throw Damaged(row),
                };
                if (isWanted)
                    row[name] = value;
            }
        }
    }

    static void Write(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Write((byte)Kind.Text);
                writer.Write(text);
                break;
            case int number:
                writer.Write((byte)Kind.Int32);
                writer.Write(number);
                break;
            case long number:
                writer.Write((byte)Kind.Int64);
                writer.Write(number);
                break;
            case bool isTrue:
                writer.Write((byte)(isTrue ? Kind.True : Kind.False));
                break;
            case DateTimeOffset time:
                writer.Write((byte)Kind.Time);
                writer.Write(time.UtcTicks);
                break;
            case byte[] bytes:
                writer.Write((byte)Kind.Bytes);
                writer.Write7BitEncodedInt(bytes.Length);
                writer.Write(bytes);
                break;
            default:
                throw new InvalidOperationException($"A row holds no {value.GetType().Name}: a bug.");
        }
    }

    static int TakeLength(ref ReadOnlySpan<byte> left, Row row)
    {
        // Five bytes hold more than any length that a row may have.
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(ref left, 1, row)[0];
            length |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
                return length <= left.Length ? (int)length : throw Damaged(row);
        }

        throw Damaged(row);
    }

    static DateTimeOffset TakeTime(ref ReadOnlySpan<byte> left, Row row)
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(ref left, 8, row));
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : throw Damaged(row);
    }

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> left, int count, Row row)
    {
        if (count > left.Length)
            throw Damaged(row);
        var taken = left[..count];
        left = left[count..];
        return taken;
    }

    static StorageException Damaged(Row row) =>
        new($"The stored values of row {row.Partition} {row.Key} cannot be read: put back a copy with `./tgvault restore FILE`.");
}
