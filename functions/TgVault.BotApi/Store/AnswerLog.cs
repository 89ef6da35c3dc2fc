using System.Globalization;

namespace TgVault.BotApi.Store;

/// <summary>
/// When the bot that posted a message had been told of it, whole: a message without that is one which nobody can know. Lines of a file, so
/// that a server that is killed leaves what it knew, but perhaps the last.
/// </summary>
sealed class AnswerLog : IDisposable
{
    readonly Dictionary<(long Chat, int Message), DateTimeOffset> _answered = [];
    readonly StreamWriter _file;

    public AnswerLog(string directory)
    {
        var path = Path.Combine(Directory.CreateDirectory(directory).FullName, "answers.log");
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (
                line.Split(' ') is [var chat, var message, var time, "."]
                && long.TryParse(chat, CultureInfo.InvariantCulture, out var chatId)
                && int.TryParse(message, CultureInfo.InvariantCulture, out var messageId)
                && long.TryParse(time, CultureInfo.InvariantCulture, out var milliseconds)
            )
                _answered[(chatId, messageId)] = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        _file = new StreamWriter(path, append: true) { AutoFlush = true };
        // A line that was cut ends here.
        _file.WriteLine();
    }

    public void Add(long chat, int message, DateTimeOffset now)
    {
        lock (_answered)
        {
            _answered[(chat, message)] = now;
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chat} {message} {now.ToUnixTimeMilliseconds()} ."));
        }
    }

    public DateTimeOffset? Find(long chat, int message)
    {
        lock (_answered)
            return _answered.TryGetValue((chat, message), out var time) ? time : null;
    }

    public void Dispose() => _file.Dispose();
}
