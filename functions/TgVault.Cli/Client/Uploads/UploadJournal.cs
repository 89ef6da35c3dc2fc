using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Uploads;

/// <summary>A file at one moment; another size or time means another content.</summary>
sealed record FileVersion(string Path, long SizeBytes, DateTime Modified)
{
    /// <exception cref="IOException">Missing or unreadable.</exception>
    public static FileVersion Of(string path)
    {
        var file = new FileInfo(path);
        if (Directory.Exists(file.FullName))
            throw new IOException($"{path} is a folder.");
        return file.Exists
            ? new FileVersion(file.FullName, file.Length, file.LastWriteTimeUtc)
            : throw new FileNotFoundException($"{path} does not exist.");
    }
}

/// <summary>What an upload was begun with; only the same again goes on with it.</summary>
sealed record JournalHead(string Server, FileVersion File, Announcement Announcement, Announced Upload, int BlockBytes);

/// <summary>
/// Which blocks of one upload have arrived, in a file of its own: the upload URL permits writing only, so the storage cannot be asked.
/// Its first line is the head, then one block offset a line; a last line that was cut short by a crash counts as not written.
/// </summary>
sealed class UploadJournal : IDisposable
{
    readonly string _path;
    readonly StreamWriter _writer;
    readonly HashSet<long> _done;

    UploadJournal(string path, JournalHead head, HashSet<long> done)
    {
        _path = path;
        Head = head;
        _done = done;
        // Written anew rather than appended to: a cut last line must not run into the next one.
        var next = path + ".next";
        using (var rewritten = new StreamWriter(PrivateFile.Open(next, FileMode.Create)))
        {
            rewritten.Write(JsonSerializer.Serialize(head, JsonSerializerOptions.Web) + "\n");
            foreach (var offset in done)
                rewritten.Write(Line(offset));
        }

        File.Move(next, path, overwrite: true);
        _writer = new StreamWriter(PrivateFile.Open(path, FileMode.Append)) { AutoFlush = true };
    }

    public JournalHead Head { get; }

    public bool IsDone(long offset) => _done.Contains(offset);

    /// <summary>Keeps other commands from sending the same file to the same vault, until it is disposed: two would be two videos.</summary>
    /// <exception cref="CommandFailedException">Another one is sending it.</exception>
    public static IDisposable Lock(string folder, string server, FileVersion file)
    {
        PrivateFile.MakeFolder(folder);
        try
        {
            return PrivateFile.Lock(PathOf(folder, server, file.Path) + ".lock");
        }
        catch (IOException exception) when (PrivateFile.IsTaken(exception))
        {
            throw new CommandFailedException($"{file.Path} is being uploaded by another command already.", exception);
        }
    }

    public static UploadJournal Begin(string folder, JournalHead head)
    {
        PrivateFile.MakeFolder(folder);
        return new UploadJournal(PathOf(folder, head.Server, head.File.Path), head, []);
    }

    /// <summary>The journal of an earlier try at the same file, in the same version, for the same vault and under the same description;
    /// null where there is none.</summary>
    public static UploadJournal? Find(string folder, string server, FileVersion file, Announcement announcement)
    {
        var path = PathOf(folder, server, file.Path);
        if (!File.Exists(path))
            return null;
        using var reader = new StreamReader(path);
        var head = ReadHead(reader.ReadLine());
        if (head is null || head.Server != server || head.File != file || !Same(head.Announcement, announcement))
            return null;
        var done = new HashSet<long>();
        while (reader.ReadLine() is { } line)
        {
            if (line.EndsWith(';') && long.TryParse(line[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                done.Add(offset);
        }

        return new UploadJournal(path, head, done);
    }

    /// <summary>Records an arrived block. Safe to call from many threads.</summary>
    public void Add(long offset)
    {
        lock (_done)
        {
            _done.Add(offset);
            _writer.Write(Line(offset));
        }
    }

    /// <summary>The upload is finished or given up.</summary>
    public void Delete()
    {
        _writer.Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _writer.Dispose();

    static string Line(long offset) => string.Create(CultureInfo.InvariantCulture, $"{offset};\n");

    static string PathOf(string folder, string server, string file) =>
        Path.Combine(
            folder,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\n{file}")).AsSpan(0, 16)) + ".upload"
        );

    static JournalHead? ReadHead(string? line)
    {
        try
        {
            return line is null ? null : JsonSerializer.Deserialize<JournalHead>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static bool Same(Announcement one, Announcement other) => one with { Tags = other.Tags } == other && one.Tags.SequenceEqual(other.Tags);
}
