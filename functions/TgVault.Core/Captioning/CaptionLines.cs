using System.Buffers;
using System.Text.Unicode;

namespace TgVault.Core.Captioning;

/// <summary>
/// A caption file as lines. Lines may end in CRLF, LF or CR (W3C WebVTT §4.1). A file that is too long or is not text is refused.
/// </summary>
static class CaptionLines
{
    // A cue fills a picture with perhaps 200 characters; a line of this length is no caption.
    const int MaxLineLength = 10_000;

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="MediaException">It is too large, in another encoding than UTF-8, or no text; the message is for people.</exception>
    public static string[] Split(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > CaptionText.MaxBytes)
            throw new MediaException($"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new MediaException("The captions are in UTF-16. Save them as UTF-8 and try again.");
        if (bytes.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];
        if (bytes.Contains((byte)0))
            throw new MediaException($"Line {LineAt(bytes, bytes.IndexOf((byte)0))}: this is no text; it holds a zero byte.");

        var lines = Decode(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        var tooLong = Array.FindIndex(lines, line => line.Length > MaxLineLength);
        return tooLong < 0 ? lines : throw new MediaException($"Line {tooLong + 1} is longer than {MaxLineLength} characters.");
    }

    static string Decode(ReadOnlySpan<byte> bytes)
    {
        var characters = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            return Utf8.ToUtf16(bytes, characters, out var read, out var written, replaceInvalidSequences: false) == OperationStatus.Done
                ? new string(characters, 0, written)
                : throw new MediaException(
                    $"Line {LineAt(bytes, read)}: the captions are not in UTF-8 (byte 0x{bytes[read]:X2}). "
                        + "Save them as UTF-8 and try again."
                );
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    static int LineAt(ReadOnlySpan<byte> bytes, int offset)
    {
        var before = bytes[..offset];
        return 1 + Math.Max(before.Count((byte)'\n'), before.Count((byte)'\r'));
    }
}
