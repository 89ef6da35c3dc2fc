using System.Globalization;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>Tracks whose treatment changes, by their index in the upload, and the sentence that says so.</summary>
sealed record Retreat(IReadOnlyDictionary<int, MediaTrack> Tracks, string Sentence);

/// <summary>
/// What to do otherwise after ffmpeg failed, or wrote what players do not take: sound that cannot be copied is transcoded, and what cannot
/// be written at all is left out. The pictures that are played are never given up.
/// </summary>
static class RemuxRetreat
{
    /// <summary>What to try after a failure; null where nothing is left to try.</summary>
    /// <param name="failed">What ffmpeg said.</param>
    /// <param name="media">The upload as it was to be written.</param>
    /// <param name="apart">Whether sound was written apart: then places in the output say nothing.</param>
    /// <param name="folder">Where temporary files are.</param>
    public static Retreat? After(FfmpegComplaints failed, MediaSummary media, bool apart, string folder)
    {
        var written = Remux.Written(media.Tracks);
        var track = failed.FailedTrack switch
        {
            { Input: { } index } => written.FirstOrDefault(track => track.Index == index),
            { Output: { } place } when !apart && place < written.Length => written[place],
            _ => null,
        };
        var why = failed.Last(folder).TrimEnd('.');
        if (track is not null)
            return track.Kind == MediaTrackKind.Video ? null
                : track is { Kind: MediaTrackKind.Audio, Treatment.Action: not TrackAction.Transcode }
                    ? Transcode(track, $"was not taken as it is: {why}")
                : LeaveOut([track], written, why);
        // ffmpeg names no track: first without what a film can best do without.
        var sounds = written.Where(one => one.Kind == MediaTrackKind.Audio).ToList();
        return LeaveOut([.. written.Where(one => one.Kind == MediaTrackKind.Subtitle)], written, why)
            ?? LeaveOut([.. sounds.Skip(1)], written, why)
            ?? LeaveOut(sounds, written, why);
    }

    /// <summary>What to do otherwise after a look at what was written; null where it is right.</summary>
    public static Retreat? From(MediaSummary media, MediaSummary made)
    {
        var written = Remux.Written(media.Tracks);
        if (written.Length != made.Tracks.Length)
            return null;
        // What is not decoded by itself is not copied: the first picture may come later than the container says.
        if (
            written is [{ Kind: MediaTrackKind.Video, Treatment.FillsStart: false } video, ..]
            && TrackRules.PicturesLateBy(made) is { } behind
        )
            return HoldFirst(video, TrackRules.ShownFromTheStart(behind));
        foreach (var (track, result) in written.Zip(made.Tracks).Where(pair => pair.First.Kind == MediaTrackKind.Audio))
        {
            if (result.SampleCount == 0 && LeaveOut([track], written, "nothing of it could be read") is { } without)
                return without;
            if (FillEnd(track, made, result) is { } filled)
                return filled;
            if (track.Treatment!.Action == TrackAction.Transcode)
                continue;
            if (result.SpellsLayoutOut)
                return Transcode(track, "spells its layout out, which players of HLS and DASH do not read");
            if (TrackRules.LateBy(made, result) is { } late)
                return Transcode(
                    track,
                    string.Create(CultureInfo.InvariantCulture, $"begins {late:0.##} s late, so that silence was put before it"),
                    fill: true
                );
        }

        return null;
    }

    static Retreat HoldFirst(MediaTrack pictures, string why)
    {
        var treatment = pictures.Treatment! with
        {
            Why = pictures.Treatment.Why.Length > 0 ? pictures.Treatment.Why : why,
            FillsStart = true,
        };
        return new Retreat(
            new Dictionary<int, MediaTrack> { [pictures.Index] = pictures with { Treatment = treatment } },
            $"The {TrackRules.NameOf(pictures)} video {why}."
        );
    }

    // What is transcoded already stays so, for its own reason.
    static Retreat Transcode(MediaTrack track, string why, bool fill = false, double? until = null)
    {
        var treatment = track.Treatment is { Action: TrackAction.Transcode } own
            ? own
            : new TrackTreatment(TrackAction.Transcode, why) { Layout = AacLayout.Of(track), FillsStart = fill };
        return new Retreat(
            new Dictionary<int, MediaTrack> { [track.Index] = track with { Treatment = treatment with { FillsUntilSeconds = until } } },
            $"The {TrackRules.NameOf(track)} sound {why}; it was transcoded to AAC."
        );
    }

    // Containers promise lengths that are not there: what was written tells where the pictures end.
    static Retreat? FillEnd(MediaTrack track, MediaSummary made, MediaTrack result)
    {
        var end = TrackRules.EndOf(TrackRules.MainVideo(made));
        return track.Treatment!.FillsUntilSeconds is null && TrackRules.EarlyBy(end, TrackRules.EndOf(result)) is { } early
            ? Transcode(
                track,
                string.Create(CultureInfo.InvariantCulture, $"ends {early:0.#} s before the pictures, so that silence was put after it"),
                until: end
            )
            : null;
    }

    // Where something is left to play.
    static Retreat? LeaveOut(List<MediaTrack> tracks, IReadOnlyCollection<MediaTrack> written, string why)
    {
        var left = written.Where(one => one.Kind != MediaTrackKind.Subtitle).Except(tracks).Any();
        if (tracks.Count == 0 || !left)
            return null;
        var names = string.Join(" and ", tracks.Select(track => $"{TrackRules.NameOf(track)} {NameOf(track.Kind)}").Distinct());
        return new Retreat(
            tracks.ToDictionary(
                track => track.Index,
                track => track with { Treatment = new TrackTreatment(TrackAction.LeaveOut, $"could not be written: {why}") }
            ),
            $"The {names} {(tracks.Count > 1 ? "were" : "was")} left out: {why}."
        );
    }

    static string NameOf(MediaTrackKind kind) => kind == MediaTrackKind.Audio ? "sound" : "subtitles";
}
