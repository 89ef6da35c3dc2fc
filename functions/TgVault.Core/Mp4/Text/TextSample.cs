using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Text;

/// <summary>How a piece of a text looks: from <paramref name="Start"/> up to <paramref name="End"/>, as positions in the string.</summary>
readonly record struct TextFace(int Start, int End, bool IsBold, bool IsItalic, bool IsUnderlined);

/// <summary>
/// The text of one sample of a timed text track (tx3g, 3GPP TS 26.245 §5.17). QuickTime's text is the same but for its styles.
/// </summary>
/// <param name="Text">Plain, without NULs.</param>
/// <param name="Faces">In order, without overlap; what none covers is plain.</param>
sealed record TextSample(string Text, ImmutableArray<TextFace> Faces)
{
    // Start and end, font, face, size, colour (§5.17.1.1).
    const int StyleBytes = 12;

    /// <summary>Reads a sample; what does not fit of its styles is left out.</summary>
    /// <exception cref="MediaException">It is shorter than it says.</exception>
    public static TextSample Read(ReadOnlySpan<byte> sample)
    {
        if (sample.Length < 2)
            return new TextSample("", []);
        var length = BinaryPrimitives.ReadUInt16BigEndian(sample);
        if (length > sample.Length - 2)
            throw Damage.Of("a sample of its text is cut short");
        var bytes = sample.Slice(2, length);
        // UTF-8, or UTF-16 where a byte order mark says so (§5.17.1.1).
        var text =
            bytes is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode.GetString(bytes[2..])
            : bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(bytes[2..])
            : Encoding.UTF8.GetString(bytes);
        var faces = ImmutableArray.CreateBuilder<TextFace>();
        var boxes = new BoxCursor(sample[(2 + length)..]);
        while (boxes.MoveNext())
        {
            if (boxes.Type == BoxType.Styl)
                ReadStyles(boxes.Payload, text, faces);
        }

        return new TextSample(
            text.Replace("\0", "", StringComparison.Ordinal),
            text.Contains('\0', StringComparison.Ordinal) ? [] : faces.ToImmutable()
        );
    }

    static void ReadStyles(ReadOnlySpan<byte> styl, string text, ImmutableArray<TextFace>.Builder faces)
    {
        var fields = new BoxFields(BoxType.Styl, styl);
        var count = Math.Min(fields.UInt16(), fields.Rest.Length / StyleBytes);
        var (character, position) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var record = fields.Take(StyleBytes);
            var (start, end, face) = (
                BinaryPrimitives.ReadUInt16BigEndian(record),
                BinaryPrimitives.ReadUInt16BigEndian(record[2..]),
                record[6]
            );
            if (start < character || end <= start)
                continue;
            var from = Advance(start);
            var to = Advance(end);
            if (to > from && (face & 7) != 0)
                faces.Add(new TextFace(from, to, (face & 1) != 0, (face & 2) != 0, (face & 4) != 0));
        }

        // Styles count characters, strings count UTF-16 units.
        int Advance(int target)
        {
            for (; character < target && position < text.Length; character++)
                position += char.IsSurrogatePair(text, position) ? 2 : 1;
            return position;
        }
    }
}
