using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Relocation;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using static System.FormattableString;

namespace TgVault.Core.Ingest.Decision;

/// <summary>
/// The one judgement of an upload, made while it is inspected from all that is known: its boxes, what ffprobe says, and a trial of the
/// index where the file is to be stored as it is. Whatever the file is, some decision comes out.
/// </summary>
static class Judgement
{
    /// <param name="evidence">What the boxes say.</param>
    /// <param name="media">What ffprobe says; null where it found nothing.</param>
    /// <param name="refusal">Why ffprobe was not asked, or its answer not taken; null otherwise.</param>
    /// <param name="name">What the upload is called.</param>
    /// <param name="settings">Whether video may be transcoded.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    public static async Task<VideoInspection> MakeAsync(
        UploadEvidence evidence,
        MediaSummary? media,
        string? refusal,
        string name,
        IngestSettings settings,
        CancellationToken cancellationToken
    )
    {
        media = media is null ? null : evidence.Complete(media);
        // The tracks are believed, and the header of what is stored is put right.
        var length = media is not null && evidence.Head is { } head ? MovieLength.Wrong(head) : null;
        if (length is not null)
            media = media! with { DurationSeconds = length.ShownSeconds };
        var decision =
            evidence.NothingToPlay() is { } nothing ? new MediaDecision(MediaAction.KeepAsFile, $"{nothing} Stored as a file.")
            : refusal is not null ? new MediaDecision(MediaAction.KeepAsFile, $"{refusal} Stored as a file.")
            : media is null ? WithoutMedia(evidence, name)
            : await TryAsync(WithLength(Decide(evidence, media, settings), length), evidence, media, settings, cancellationToken);
        return MediaPlan.Treated(new VideoInspection { Decision = decision, Media = media });
    }

    // Boxes that do not fit may be junk at the end or a file cut short: ffmpeg tells, and what it writes is compared with what the file
    // promised.
    static MediaDecision Decide(UploadEvidence evidence, MediaSummary media, IngestSettings settings)
    {
        var decision = MediaPlan.Decide(media, evidence.Moov, settings);
        return evidence.Layout is null && MediaPlan.IsMp4(media) && decision.Action == MediaAction.Remux
            ? decision with
            {
                Reason = $"{evidence.Damage} {decision.Reason}",
            }
            : decision;
    }

    static MediaDecision WithLength(MediaDecision decision, MovieLength? length) =>
        length is null || decision.Action is not (MediaAction.Take or MediaAction.Relocate)
            ? decision
            : new MediaDecision(
                MediaAction.Relocate,
                Invariant($"{decision.Reason} Its header is corrected: it lasts {length.ShownSeconds:0.#} s.")
            );

    // What the boxes say inside moov may forbid moving it, or making an index. Then ffmpeg writes the file anew, which is tried before
    // anything is given up.
    static async Task<MediaDecision> TryAsync(
        MediaDecision decision,
        UploadEvidence evidence,
        MediaSummary media,
        IngestSettings settings,
        CancellationToken cancellationToken
    )
    {
        if (decision.Action is not (MediaAction.Take or MediaAction.Relocate) || !MediaPlan.IsMp4(media))
            return decision;
        try
        {
            var head = evidence.Head ?? throw new MediaException(evidence.Damage);
            if (decision.Action == MediaAction.Relocate)
                head = MoovRelocation.Plan(head).Moved;
            var index = await IndexTrial.RunAsync(head, NothingToRead, media, cancellationToken);
            var movie = MovieBox.Read(head.MoovPayload);
            var why =
                IndexTrial.EarlySound(index) is { } early ? Invariant($"Its sound ends {early:0.#} s before its pictures.")
                : IndexTrial.LateStart(movie) is { } late ? Invariant($"It shows nothing for its first {late:0.##} s.")
                : IndexTrial.UnevenStart(movie) is { } apart ? Invariant($"Its pictures and sound begin {apart:0.##} s apart.")
                : null;
            if (why is null)
                return decision;
            var anew = MediaPlan.Decide(media, Moov.Unread, settings);
            return anew with { Reason = $"{why} {anew.Reason}" };
        }
        catch (MediaException exception)
        {
            // Written anew, it would be refused for the same.
            if (exception.Fault == MediaFault.Content)
                return decision with { Reason = WithoutSegments(decision.Reason, exception) };
            var other = MediaPlan.Decide(media, Moov.Unread, settings);
            return other with { Reason = $"{exception.Message} {other.Reason}", Refusal = exception.Message };
        }
    }

    /// <summary>The reason of what plays as one file only.</summary>
    public static string WithoutSegments(string reason, MediaException exception) =>
        $"{reason} It plays as one file only, without HLS and DASH: {exception.Message}";

    static MediaDecision WithoutMedia(UploadEvidence evidence, string name)
    {
        if (!evidence.IsNoMp4)
            return new MediaDecision(
                MediaAction.KeepAsFile,
                $"{(evidence.Damage.Length > 0 ? evidence.Damage : "The MP4 has nothing in it that is known here.")} "
                    + "It does not play; stored as a file."
            );
        var extension = Path.GetExtension(name);
        var isNamedVideo = extension.ToLowerInvariant() is ".mp4" or ".m4v" or ".mov" or ".mkv" or ".webm" or ".avi";
        return new MediaDecision(
            MediaAction.KeepAsFile,
            "It is of no kind of video or sound that is known here"
                + (isNamedVideo ? $", although it is named {extension}" : "")
                + ": no media was found in it. Stored as a file."
        );
    }

    static Task NothingToRead(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A bug: the index of an MP4 without fragments is made of its moov alone.");
}
