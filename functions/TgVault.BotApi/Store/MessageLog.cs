namespace TgVault.BotApi.Store;

/// <summary>
/// Append-only lines on disk. Each entry is one write, on the disk when it returns; a process killed within it leaves a torn last line,
/// which the next start cuts off.
/// </summary>
sealed class MessageLog : IDisposable
{
    // A caption has 1024 characters, deleteMessages 100 ids: entries are far smaller.
    const int MostLineBytes = 64 * 1024;

    readonly FileStream _file;

    MessageLog(FileStream file) => _file = file;

    /// <summary>Opens the log, exclusively, and hands each whole entry to <paramref name="replay"/> in order.</summary>
    /// <exception cref="InvalidDataException">A line other than the last is damaged.</exception>
    public static MessageLog Open(string path, Action<LogEntry> replay)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            file.SetLength(Replay(file, replay));
            file.Seek(0, SeekOrigin.End);
            return new MessageLog(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The disk did not take it; the log is as it was.</exception>
    public void Append(LogEntry entry)
    {
        var end = _file.Position;
        try
        {
            _file.Write(entry.ToLine());
            _file.Flush(flushToDisk: true);
        }
        catch
        {
            // A full disk may take half a line. With whole ones behind it, it would not be the last, and no start would pass it.
            _file.SetLength(end);
            _file.Position = end;
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    static long Replay(FileStream file, Action<LogEntry> replay)
    {
        var buffer = new byte[2 * MostLineBytes];
        var (held, good) = (0, 0L);
        while (file.Read(buffer, held, buffer.Length - held) is var read && read > 0)
        {
            held += read;
            var start = 0;
            while (buffer.AsSpan(start, held - start).IndexOf((byte)'\n') is var length && length >= 0)
            {
                var entry = LogEntry.Parse(buffer.AsSpan(start, length));
                start += length + 1;
                if (entry is null)
                {
                    if (good + length + 1 == file.Length)
                        return good;
                    throw new InvalidDataException($"The message log is damaged at byte {good}.");
                }

                replay(entry);
                good += length + 1;
            }

            buffer.AsSpan(start, held - start).CopyTo(buffer);
            held -= start;
            if (held > MostLineBytes)
                throw new InvalidDataException($"The message log is damaged at byte {good}.");
        }

        return good;
    }
}
