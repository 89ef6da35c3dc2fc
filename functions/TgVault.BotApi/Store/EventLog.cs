using System.Text.Json;

namespace TgVault.BotApi.Store;

/// <summary>
/// The append-only file of <see cref="LogLine"/>s. A line counts once its line feed is there; half a line left by a killed process is
/// cut off at the next start.
/// </summary>
sealed class EventLog : IDisposable
{
    const int MaxLineBytes = 1 << 16;

    readonly FileStream _file;

    EventLog(FileStream file) => _file = file;

    /// <summary>Opens or makes the log, hands every line to <paramref name="replay"/> in order, and stands ready to append.</summary>
    public static EventLog Open(string path, Action<LogLine> replay)
    {
        // Shared with nobody: two stand-ins on one folder would number messages twice.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        try
        {
            var whole = Replay(file, replay);
            file.SetLength(whole);
            file.Position = whole;
            return new EventLog(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Append(LogLine line)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(line, LogLineJson.Default.LogLine));
        _file.WriteByte((byte)'\n');
        // To the system, which outlives a kill -9 of this process; a power cut is not what a stand-in guards against.
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    static long Replay(FileStream file, Action<LogLine> replay)
    {
        var buffer = new byte[MaxLineBytes * 2];
        var held = 0;
        var whole = 0L;
        while (true)
        {
            var read = file.Read(buffer, held, buffer.Length - held);
            if (read == 0) return whole;
            held += read;
            var used = 0;
            for (int end; (end = buffer.AsSpan(used, held - used).IndexOf((byte)'\n')) >= 0; used += end + 1)
            {
                var line = JsonSerializer.Deserialize(buffer.AsSpan(used, end), LogLineJson.Default.LogLine)
                    ?? throw new InvalidDataException("The log of messages holds an empty line.");
                replay(line);
            }

            whole += used;
            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            if (held == buffer.Length) throw new InvalidDataException("The log of messages holds a line that is too long.");
        }
    }
}
