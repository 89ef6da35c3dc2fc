using System.Text;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// What ffprobe printed, as names and values, read while it prints (its "flat" form: one <c>streams.stream.0.codec_name="h264"</c> a
/// line). What is kept is bounded whatever a file says about itself: so many tracks, so much of each value.
/// </summary>
sealed class ProbeAnswer
{
    /// <summary>More tracks than any camera, editor or broadcaster writes; further ones are passed over.</summary>
    public const int MaxStreams = 1024;

    /// <summary>ffprobe is asked for some forty short values a track.</summary>
    public const long MaxBytes = 32 << 20;

    const int MaxLineBytes = 2048;
    const string StreamStart = "streams.stream.";
    const string FormatStart = "format.";

    readonly Dictionary<int, Dictionary<string, string>> _streams = [];

    /// <summary>What is said of the file as a whole.</summary>
    public Dictionary<string, string> Format { get; } = [];

    /// <summary>What is said of each stream.</summary>
    public IEnumerable<Dictionary<string, string>> Streams => _streams.OrderBy(stream => stream.Key).Select(stream => stream.Value);

    /// <summary>Reads until the program closes its output.</summary>
    /// <exception cref="MediaException">It printed more than is read.</exception>
    public static async Task<ProbeAnswer> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var answer = new ProbeAnswer();
        await ReadLinesAsync(output, answer.Add, cancellationToken);
        return answer;
    }

    /// <summary>Gives each line; of one that is longer than 2 KiB, its beginning.</summary>
    /// <exception cref="MediaException">There is more than is read.</exception>
    internal static async Task ReadLinesAsync(Stream output, Action<string> add, CancellationToken cancellationToken)
    {
        var line = new byte[MaxLineBytes];
        var length = 0;
        var piece = new byte[16 << 10];
        var total = 0L;
        while (await output.ReadAsync(piece, cancellationToken) is > 0 and var read)
        {
            total += read;
            if (total > MaxBytes)
                throw new MediaException($"The file says more than {MaxBytes >> 20} MiB about its tracks, which is not read.");
            foreach (var next in piece.AsSpan(0, read))
            {
                if (next == '\n')
                {
                    add(Encoding.UTF8.GetString(line, 0, length));
                    length = 0;
                }
                else if (length < line.Length)
                {
                    line[length++] = next;
                }
            }
        }
    }

    void Add(string line)
    {
        if (line.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at))
            return;
        var (name, value) = (line[..at], Unquote(line[(at + 1)..]));
        if (name.StartsWith(FormatStart, StringComparison.Ordinal))
            Format[name[FormatStart.Length..]] = value;
        if (!name.StartsWith(StreamStart, StringComparison.Ordinal))
            return;
        var dot = name.IndexOf('.', StreamStart.Length);
        if (dot < 0 || !int.TryParse(name.AsSpan(StreamStart.Length, dot - StreamStart.Length), out var number) || number >= MaxStreams)
            return;
        if (!_streams.TryGetValue(number, out var stream))
            _streams[number] = stream = [];
        stream[name[(dot + 1)..]] = value;
    }

    // ffprobe escapes \n, \r, \\, ", ` and $ in quoted values; a cut one has no end.
    static string Unquote(string value)
    {
        if (!value.StartsWith('"'))
            return value;
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length && value[i] != '"'; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                text.Append(value[i]);
                continue;
            }

            i++;
            text.Append(
                value[i] switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => value[i],
                }
            );
        }

        return text.ToString();
    }
}
