using System.Globalization;

namespace TgVault.BotApi.Store;

/// <summary>
/// Channels, messages and documents. The state is in memory and in the log; documents are files. A document is complete under its own
/// name before the log mentions it, so a process killed at any moment leaves no half message.
/// </summary>
sealed class MessageStore : IDisposable
{
    readonly Lock _lock = new();
    readonly string _folder;
    readonly bool _keepDeleted;
    readonly Dictionary<long, Channel> _channels = [];
    readonly Dictionary<long, StoredDocument> _documents = [];
    readonly EventLog _log;
    long _lastDocument;

    public MessageStore(string folder, IEnumerable<long> channels, bool keepDeleted)
    {
        _folder = folder;
        _keepDeleted = keepDeleted;
        Directory.CreateDirectory(folder);
        _log = EventLog.Open(Path.Combine(folder, "messages.jsonl"), Apply);
        if (Directory.Exists(IncomingFolder)) Directory.Delete(IncomingFolder, recursive: true);
        Directory.CreateDirectory(IncomingFolder);
        Configured = channels.ToHashSet();
    }

    /// <summary>Where uploads are written until they are documents.</summary>
    public string IncomingFolder => Path.Combine(_folder, "incoming");

    HashSet<long> Configured { get; }

    public bool HasChannel(long id) => Configured.Contains(id);

    public string FullPath(StoredDocument document) => Path.Combine(_folder, document.Path);

    public StoredMessage? Find(long chat, int message)
    {
        lock (_lock) return ChannelOf(chat).Messages.GetValueOrDefault(message);
    }

    public StoredDocument? FindDocument(long number)
    {
        lock (_lock) return _documents.GetValueOrDefault(number);
    }

    public StoredMessage? NewestPinned(long chat)
    {
        lock (_lock) return ChannelOf(chat).NewestPinned();
    }

    public IReadOnlyList<DocumentListing> List()
    {
        lock (_lock)
            return [.. _channels.Values.SelectMany(channel => channel.Messages.Values).OrderBy(message => message.ChatId).ThenBy(message => message.Id)
                .Select(message => new DocumentListing(message.ChatId, message.Id, message.Document.Path, message.Document.SizeBytes, message.FileName))];
    }

    /// <summary>Posts a document that was uploaded to <paramref name="incoming"/>; the file is taken over.</summary>
    public StoredMessage SendNew(LogLine line, string incoming, long size)
    {
        var number = TakeOver(incoming);
        return Record(line with { Event = LogEvent.Send, Document = number, Size = size })!;
    }

    /// <summary>Posts a document that is stored already.</summary>
    public StoredMessage SendAgain(LogLine line, StoredDocument document) =>
        Record(line with { Event = LogEvent.Send, Document = document.Number, Size = document.SizeBytes })!;

    public StoredMessage EditNew(LogLine line, string incoming, long size)
    {
        var number = TakeOver(incoming);
        return Record(line with { Event = LogEvent.Edit, Document = number, Size = size })!;
    }

    public void Delete(long chat, int message) => Record(new LogLine(LogEvent.Delete) { Chat = chat, Message = message });

    public void Pin(long chat, int message, long date)
    {
        Record(new LogLine(LogEvent.Pin) { Chat = chat, Message = message });
        Record(new LogLine(LogEvent.Service) { Chat = chat, Date = date });
    }

    public void Unpin(long chat, int message) => Record(new LogLine(LogEvent.Unpin) { Chat = chat, Message = message });

    public void KillIds(long document) => Record(new LogLine(LogEvent.KillIds) { Document = document });

    public void Dispose() => _log.Dispose();

    long TakeOver(string incoming)
    {
        var number = Interlocked.Increment(ref _lastDocument);
        var path = Path.Combine(_folder, PathOf(number));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // May replace what a process killed between here and the log left: nothing mentions that.
        File.Move(incoming, path, overwrite: true);
        return number;
    }

    StoredMessage? Record(LogLine line)
    {
        lock (_lock)
        {
            if (line.Event is LogEvent.Send or LogEvent.Service) line = line with { Message = ChannelOf(line.Chat).LastId + 1 };
            _log.Append(line);
            Apply(line);
            return line.Event is LogEvent.Send or LogEvent.Edit ? _channels[line.Chat].Messages[line.Message] : null;
        }
    }

    void Apply(LogLine line)
    {
        switch (line.Event)
        {
            case LogEvent.Send:
                var sent = new StoredMessage(line.Chat, line.Message, line.Bot, line.Date, Use(line), line.Name ?? "", line.Caption ?? "")
                {
                    Forward = line.Forward,
                    Protected = line.Protected,
                };
                ChannelOf(line.Chat).Messages[line.Message] = sent;
                ChannelOf(line.Chat).LastId = line.Message;
                break;
            case LogEvent.Edit:
                var before = ChannelOf(line.Chat).Messages[line.Message];
                ChannelOf(line.Chat).Messages[line.Message] = before with { Document = Use(line), FileName = line.Name ?? "", Caption = line.Caption ?? "", EditDate = line.Date };
                Release(before.Document);
                break;
            case LogEvent.Delete:
                ChannelOf(line.Chat).Pinned.Remove(line.Message);
                if (ChannelOf(line.Chat).Messages.Remove(line.Message, out var deleted)) Release(deleted.Document);
                break;
            case LogEvent.Pin:
                ChannelOf(line.Chat).Pinned.Add(line.Message);
                break;
            case LogEvent.Unpin:
                ChannelOf(line.Chat).Pinned.Remove(line.Message);
                break;
            case LogEvent.Service:
                ChannelOf(line.Chat).LastId = line.Message;
                break;
            case LogEvent.KillIds:
                if (_documents.TryGetValue(line.Document, out var document)) document.Generation++;
                break;
            default:
                throw new InvalidDataException($"The log of messages holds an unknown event {line.Event}.");
        }
    }

    StoredDocument Use(LogLine line)
    {
        if (!_documents.TryGetValue(line.Document, out var document))
            _documents[line.Document] = document = new StoredDocument(line.Document, line.Size, PathOf(line.Document));
        document.Uses++;
        if (line.Document > _lastDocument) _lastDocument = line.Document;
        return document;
    }

    void Release(StoredDocument document)
    {
        if (--document.Uses > 0 || _keepDeleted) return;
        _documents.Remove(document.Number);
        File.Delete(FullPath(document));
    }

    Channel ChannelOf(long id)
    {
        if (!_channels.TryGetValue(id, out var channel)) _channels[id] = channel = new Channel(id);
        return channel;
    }

    // A thousand to a folder keeps folders listable.
    static string PathOf(long number) => string.Create(CultureInfo.InvariantCulture, $"documents/{number / 1000:D4}/{number:D7}");
}
