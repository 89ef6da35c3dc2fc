using System.Buffers;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// Keeps what ffprobe prints as JSON, while it prints. Of a string that is longer than anything that is asked for the beginning is kept,
/// so that what a file says about itself never becomes a large value.
/// </summary>
sealed class ProbeOutput
{
    /// <summary>ffprobe is asked for some forty short values a track.</summary>
    public const long MaxBytes = 32 << 20;

    const int MaxStringBytes = 2048;
    readonly ArrayBufferWriter<byte> _kept = new();
    bool _inString;
    int _stringBytes;

    // Of the escape sequence that is being read: \n has one byte to come, \u001f five.
    int _escapeBytes;
    bool _isCut;

    /// <summary>Reads until the program closes its output.</summary>
    /// <exception cref="MediaException">It printed more than is read.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var kept = new ProbeOutput();
        var piece = new byte[16 << 10];
        var total = 0L;
        while (await output.ReadAsync(piece, cancellationToken) is > 0 and var read)
        {
            total += read;
            if (total > MaxBytes)
                throw new MediaException($"The file says more than {MaxBytes >> 20} MiB about its tracks, which is not read.");
            kept.Add(piece.AsSpan(0, read));
        }

        return kept._kept.WrittenMemory;
    }

    void Add(Span<byte> piece)
    {
        var length = 0;
        foreach (var next in piece)
        {
            if (IsKept(next))
                piece[length++] = next;
        }

        _kept.Write(piece[..length]);
    }

    bool IsKept(byte next)
    {
        if (!_inString)
        {
            (_inString, _stringBytes, _isCut) = (next == '"', 0, false);
            return true;
        }

        _stringBytes++;
        if (_escapeBytes > 0)
        {
            _escapeBytes += next == 'u' ? 3 : -1;
            return !_isCut;
        }

        if (next == '"')
        {
            _inString = false;
            return true;
        }

        // Neither an escape sequence nor a character is cut in two: bytes of 10xxxxxx continue one.
        _isCut |= _stringBytes > MaxStringBytes && (next & 0xC0) != 0x80;
        if (next == '\\')
            _escapeBytes = 1;
        return !_isCut;
    }
}
