using System.Collections.Immutable;
using TgVault.Core.Captioning;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Captions;

/// <summary>Finds and reads the stored captions of ready videos; those read last are kept, since players ask for them segment by segment. For any number of threads.</summary>
public sealed class CaptionReader(OpenVideos reader)
{
    // A dozen texts of three-hour films.
    const long MaxKeptBytes = 8 << 20;

    // What a text has in memory beside its characters, roughly.
    const int CueBytes = 200;

    readonly Lock _gate = new();
    readonly Dictionary<CaptionKey, LinkedListNode<Kept>> _kept = [];
    readonly LinkedList<Kept> _oldestFirst = [];
    long _keptBytes;

    /// <summary>The captions that play, each language once, in the order in which they came.</summary>
    public static ImmutableArray<Companion> PlayableOf(Video video) =>
        [
            .. video
                .Files.Companions.Where(IsPlayable)
                .GroupBy(companion => companion.Language, StringComparer.Ordinal)
                .Select(same => same.MaxBy(companion => companion.Number)!),
        ];

    /// <summary>The captions in this language; null where there are none that play.</summary>
    /// <param name="video">A row.</param>
    /// <param name="language">Written as <see cref="LanguageTag.Parse"/> gives it.</param>
    public static Companion? Find(Video video, string language) =>
        PlayableOf(video).FirstOrDefault(companion => companion.Language == language);

    /// <summary>The text; null where it was removed or replaced meanwhile.</summary>
    /// <exception cref="VaultException">It could not be read.</exception>
    public async Task<CaptionText?> ReadAsync(Video video, Companion companion, CancellationToken cancellationToken)
    {
        // A number is never given out again within an attempt.
        var key = new CaptionKey(video.Id, video.Life.Attempt, companion.Number);
        if (FindKept(key) is { } kept)
            return kept;
        await using var stream = await reader.OpenAsync(video.Id, companion.Number, cancellationToken);
        if (stream is null || stream.Video.Life.Attempt != video.Life.Attempt)
            return null;
        if (stream.Length > CaptionText.MaxBytes)
            throw new MediaException($"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var text = WebVtt.Read(bytes);
        Keep(new Kept(key, text, (2L * bytes.Length) + ((long)CueBytes * text.Cues.Length)));
        return text;
    }

    static bool IsPlayable(Companion companion) => companion is { Kind: CompanionKind.Captions, State: CompanionState.Stored, Of: 0 };

    CaptionText? FindKept(CaptionKey key)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out var node))
                return null;
            _oldestFirst.Remove(node);
            _oldestFirst.AddLast(node);
            return node.Value.Text;
        }
    }

    void Keep(Kept text)
    {
        if (text.Bytes > MaxKeptBytes)
            return;
        lock (_gate)
        {
            if (_kept.ContainsKey(text.Key))
                return;
            _kept[text.Key] = _oldestFirst.AddLast(text);
            _keptBytes += text.Bytes;
            while (_keptBytes > MaxKeptBytes && _oldestFirst.First is { } oldest)
            {
                _oldestFirst.Remove(oldest);
                _kept.Remove(oldest.Value.Key);
                _keptBytes -= oldest.Value.Bytes;
            }
        }
    }

    readonly record struct CaptionKey(VideoId Video, int Attempt, int Number);

    sealed record Kept(CaptionKey Key, CaptionText Text, long Bytes);
}
