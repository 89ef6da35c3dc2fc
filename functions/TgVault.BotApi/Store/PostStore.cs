using System.Globalization;

namespace TgVault.BotApi.Store;

/// <summary>
/// Messages and documents of all channels. A document is whole, on the disk and under its final name before the log tells of it, so a
/// killed process leaves at most a file that nothing names, which the next start removes.
/// </summary>
sealed class PostStore : IDisposable
{
    readonly Lock _lock = new();
    readonly string _documents;
    readonly string _incoming;
    readonly bool _reclaim;
    readonly Dictionary<long, Channel> _channels = [];
    readonly Dictionary<long, StoredFile> _files = [];
    readonly MessageLog _log;
    long _lastFile;

    public PostStore(string directory, bool reclaim)
    {
        _documents = Directory.CreateDirectory(Path.Combine(directory, "documents")).FullName;
        _incoming = Path.Combine(Path.GetFullPath(directory), "incoming");
        _reclaim = reclaim;
        // The log first: it is held exclusively, so a second server on this folder fails before it removes anything.
        _log = MessageLog.Open(Path.Combine(directory, "messages.log"), Apply);
        if (Directory.Exists(_incoming))
            Directory.Delete(_incoming, recursive: true);
        Directory.CreateDirectory(_incoming);
        RemoveUnnamed();
    }

    public string NewIncomingPath() => Path.Combine(_incoming, Guid.NewGuid().ToString("N"));

    /// <summary>Takes an uploaded file over, under a number of its own.</summary>
    public StoredFile Keep(string incoming, long size, string name)
    {
        var number = Interlocked.Increment(ref _lastFile);
        var file = new StoredFile(number, PathOf(number), size, name);
        File.Move(incoming, file.Path);
        return file;
    }

    public Post Add(long chat, long bot, DateTimeOffset date, StoredFile file, string? caption, Origin? origin)
    {
        lock (_lock)
        {
            var entry = new LogEntry(LogEntry.Send, chat, [Of(chat).NextId])
            {
                Date = date.ToUnixTimeSeconds(),
                Bot = bot,
                File = file.Number,
                Size = file.SizeBytes,
                Name = file.Name,
                Caption = caption,
                Origin = origin,
            };
            Write(entry);
            return Of(chat).Posts[entry.Messages[0]];
        }
    }

    /// <summary>A message that is there; null where none ever was or it was deleted.</summary>
    public Post? Find(long chat, int id)
    {
        lock (_lock)
            return Of(chat).Posts.GetValueOrDefault(id) is { IsDeleted: false } post ? post : null;
    }

    public StoredFile? FindFile(long number)
    {
        lock (_lock)
            return _files.GetValueOrDefault(number);
    }

    public Post Edit(Post post, StoredFile file, string? caption)
    {
        lock (_lock)
        {
            Write(
                new LogEntry(LogEntry.Edit, post.Chat, [post.Id])
                {
                    File = file.Number,
                    Size = file.SizeBytes,
                    Name = file.Name,
                    Caption = caption,
                }
            );
            Reclaim([post]);
            return Of(post.Chat).Posts[post.Id];
        }
    }

    public void Delete(long chat, IReadOnlyCollection<Post> posts)
    {
        lock (_lock)
        {
            Write(new LogEntry(LogEntry.Delete, chat, [.. posts.Select(post => post.Id)]));
            Reclaim(posts);
        }
    }

    /// <summary>Pins; like Telegram, a service message tells of it.</summary>
    public void Pin(Post post, long bot, DateTimeOffset date)
    {
        lock (_lock)
        {
            if (Of(post.Chat).Pinned.Contains(post.Id))
                return;
            Write(new LogEntry(LogEntry.Pin, post.Chat, [post.Id]));
            Write(new LogEntry(LogEntry.Service, post.Chat, [Of(post.Chat).NextId]) { Date = date.ToUnixTimeSeconds(), Bot = bot });
        }
    }

    public void Unpin(Post post)
    {
        lock (_lock)
            Write(new LogEntry(LogEntry.Unpin, post.Chat, [post.Id]));
    }

    public bool IsPinned(Post post)
    {
        lock (_lock)
            return Of(post.Chat).Pinned.Contains(post.Id);
    }

    /// <summary>The pinned message with the newest sending date, which need not be the one pinned last.</summary>
    public Post? NewestPinned(long chat)
    {
        lock (_lock)
        {
            var channel = Of(chat);
            return channel.Pinned.Select(id => channel.Posts[id]).Where(post => !post.IsDeleted).MaxBy(post => (post.Date, post.Id));
        }
    }

    /// <summary>Loses a document's bytes, as the platform might.</summary>
    public void LoseFile(StoredFile file)
    {
        lock (_lock)
            _files.Remove(file.Number);
        File.Delete(file.Path);
    }

    public IReadOnlyList<StoredDocument> List()
    {
        lock (_lock)
        {
            return
            [
                .. _channels
                    .Values.SelectMany(channel => channel.Posts.Values)
                    .Where(post => post.File is not null)
                    .OrderBy(post => (post.Chat, post.Id))
                    .Select(post => new StoredDocument(
                        post.File!.Path,
                        post.File.SizeBytes,
                        post.File.Name,
                        post.Chat,
                        post.Id,
                        post.IsDeleted
                    )),
            ];
        }
    }

    public void Dispose() => _log.Dispose();

    void Write(LogEntry entry)
    {
        _log.Append(entry);
        Apply(entry);
    }

    void Apply(LogEntry entry)
    {
        var channel = Of(entry.Chat);
        foreach (var id in entry.Messages)
        {
            switch (entry.Op)
            {
                case LogEntry.Send or LogEntry.Service:
                    channel.Posts[id] = new Post(entry.Chat, id, entry.Date, entry.Bot, FileOf(entry), entry.Caption, entry.Origin);
                    channel.NextId = Math.Max(channel.NextId, id + 1);
                    break;
                case LogEntry.Edit:
                    channel.Posts[id] = channel.Posts[id] with { File = FileOf(entry), Caption = entry.Caption };
                    break;
                case LogEntry.Delete:
                    channel.Posts[id] = channel.Posts[id] with { IsDeleted = true };
                    channel.Pinned.Remove(id);
                    break;
                case LogEntry.Pin:
                    channel.Pinned.Add(id);
                    break;
                case LogEntry.Unpin:
                    channel.Pinned.Remove(id);
                    break;
                default:
                    throw new InvalidDataException($"The message log holds an unknown entry \"{entry.Op}\".");
            }
        }
    }

    StoredFile? FileOf(LogEntry entry)
    {
        if (entry.File == 0)
            return null;
        _lastFile = Math.Max(_lastFile, entry.File);
        if (!_files.TryGetValue(entry.File, out var file))
            _files[entry.File] = file = new StoredFile(entry.File, PathOf(entry.File), entry.Size, entry.Name ?? "");
        return file;
    }

    void Reclaim(IEnumerable<Post> gone)
    {
        if (!_reclaim)
            return;
        foreach (var file in gone.Select(post => post.File).OfType<StoredFile>())
        {
            // Forwarded copies share the file.
            if (!_channels.Values.Any(channel => channel.Posts.Values.Any(post => !post.IsDeleted && post.File?.Number == file.Number)))
                LoseFile(file);
        }
    }

    void RemoveUnnamed()
    {
        foreach (var path in Directory.EnumerateFiles(_documents))
        {
            if (
                !long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !_files.ContainsKey(number)
            )
                File.Delete(path);
        }
    }

    string PathOf(long number) => Path.Combine(_documents, number.ToString("D9", CultureInfo.InvariantCulture));

    Channel Of(long chat)
    {
        if (!_channels.TryGetValue(chat, out var channel))
            _channels[chat] = channel = new Channel();
        return channel;
    }

    sealed class Channel
    {
        public Dictionary<int, Post> Posts { get; } = [];

        public HashSet<int> Pinned { get; } = [];

        // 1 is the service message of the channel's creation.
        public int NextId { get; set; } = 2;
    }
}
