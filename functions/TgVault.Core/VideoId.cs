using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace TgVault.Core;

/// <summary>
/// Names one video: 16 bytes, of which the first six are 2^48-1 minus the creation time in Unix milliseconds and the rest random,
/// written as 26 characters of lower-case Crockford base 32. So ids sort newest first, which is the order videos are listed in.
/// </summary>
[JsonConverter(typeof(VideoIdJson))]
public readonly struct VideoId : IEquatable<VideoId>, IComparable<VideoId>
{
    public const int SizeBytes = 16;
    public const int TextLength = 26;

    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    const long MaxMilliseconds = (1L << 48) - 1;

    readonly UInt128 _value;

    VideoId(UInt128 value) => _value = value;

    /// <summary>When the video was announced, to the millisecond.</summary>
    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeMilliseconds(MaxMilliseconds - (long)(_value >> 80));

    /// <summary>A new id for a video announced at <paramref name="created"/>.</summary>
    public static VideoId New(DateTimeOffset created)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return Create(created, random);
    }

    /// <summary>
    /// The id of a blob that nobody announced. The same name and ETag give the same id, so a second event for it changes nothing.
    /// </summary>
    public static VideoId ForBlob(string name, string etag, DateTimeOffset created) =>
        Create(created, SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{etag}")).AsSpan(0, 10));

    /// <summary>Reads the text form; null where <paramref name="text"/> is not one.</summary>
    public static VideoId? TryParse(string? text)
    {
        if (text is not { Length: TextLength } || text[0] > '7')
            return null;
        UInt128 value = 0;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
                return null;
            value = (value << 5) | (uint)digit;
        }

        var id = new VideoId(value);
        return id.HasPlausibleTime ? id : null;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a video id.</exception>
    public static VideoId Parse(string text) =>
        TryParse(text) ?? throw new FormatException("A video id has 26 characters of 0-9 and a-z without i, l, o and u.");

    /// <summary>Writes the 16 bytes, big-endian.</summary>
    public void WriteTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    public static VideoId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    public override string ToString() =>
        string.Create(
            TextLength,
            _value,
            static (text, value) =>
            {
                for (var i = TextLength - 1; i >= 0; i--, value >>= 5)
                    text[i] = Alphabet[(int)(value & 31)];
            }
        );

    public bool Equals(VideoId other) => _value == other._value;

    public override bool Equals(object? obj) => obj is VideoId other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public int CompareTo(VideoId other) => _value.CompareTo(other._value);

    public static bool operator ==(VideoId left, VideoId right) => left.Equals(right);

    public static bool operator !=(VideoId left, VideoId right) => !left.Equals(right);

    public static bool operator <(VideoId left, VideoId right) => left.CompareTo(right) < 0;

    public static bool operator >(VideoId left, VideoId right) => left.CompareTo(right) > 0;

    public static bool operator <=(VideoId left, VideoId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(VideoId left, VideoId right) => left.CompareTo(right) >= 0;

    // DateTimeOffset ends at the year 9999; 48 bits of milliseconds end a little later.
    bool HasPlausibleTime => MaxMilliseconds - (long)(_value >> 80) <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    static VideoId Create(DateTimeOffset created, ReadOnlySpan<byte> random)
    {
        var milliseconds = Math.Clamp(created.ToUnixTimeMilliseconds(), 0, MaxMilliseconds);
        Span<byte> bytes = stackalloc byte[SizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(MaxMilliseconds - milliseconds) << 16);
        random.CopyTo(bytes[6..]);
        return Read(bytes);
    }
}
