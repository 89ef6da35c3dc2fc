using System.Collections.Immutable;
using TgVault.Core.Caching;
using TgVault.Core.Captioning;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Captions;

/// <summary>
/// Finds and reads the stored captions of ready videos. Those read last are kept, since players ask for them segment by segment. For any
/// number of threads.
/// </summary>
public sealed class CaptionReader(OpenVideos videos) : IDisposable
{
    // A dozen texts of three-hour films.
    const long MaxKeptBytes = 8 << 20;

    // What a text has in memory beside its characters, roughly.
    const int CueBytes = 200;

    readonly SharedCache<CaptionKey, Kept?> _kept = new(MaxKeptBytes, kept => kept?.Bytes ?? 0);

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

    /// <summary>The text; null where the row has none that is stored.</summary>
    /// <exception cref="VaultException">It could not be read, or the row is not the video's any more.</exception>
    public async Task<CaptionText?> ReadAsync(Video video, Companion companion, CancellationToken cancellationToken)
    {
        // A number is never given out again within an attempt.
        var key = new CaptionKey(video.Id, video.Life.Attempt, companion.Number);
        var kept = await _kept.GetAsync(key, token => ReadStoredAsync(video, companion, token), cancellationToken);
        return kept?.Text;
    }

    public void Dispose() => _kept.Dispose();

    static bool IsPlayable(Companion companion) => companion is { Kind: CompanionKind.Captions, State: CompanionState.Stored, Of: 0 };

    async Task<Kept?> ReadStoredAsync(Video video, Companion companion, CancellationToken cancellationToken)
    {
        await using var stream = await videos.OpenAsync(video, companion.Number, cancellationToken);
        if (stream is null)
            return null;
        stream.ReadForAll();
        if (stream.Length > CaptionText.MaxBytes)
            throw new MediaException($"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
        var bytes = new byte[stream.Length];
        stream.ReadEnd = stream.Length;
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var text = WebVtt.Read(bytes);
        return new Kept(text, (2L * bytes.Length) + ((long)CueBytes * text.Cues.Length));
    }

    readonly record struct CaptionKey(VideoId Video, int Attempt, int Number);

    sealed record Kept(CaptionText Text, long Bytes);
}
