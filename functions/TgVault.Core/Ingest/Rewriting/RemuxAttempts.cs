using System.Collections.Immutable;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>What was written of an upload.</summary>
/// <param name="Media">What it holds.</param>
/// <param name="Treated">The upload's tracks with what was done with them.</param>
/// <param name="Changes">Sentences on what was done otherwise than decided.</param>
sealed record WrittenFile(MediaSummary Media, MediaSummary Treated, ImmutableArray<string> Changes);

/// <summary>
/// Writes an upload anew, and again without the track that ffmpeg failed at: one track must not cost the film. What was written is
/// inspected like an upload, for ffmpeg's exit code says nothing of whether it plays.
/// </summary>
sealed class RemuxAttempts(Remux remux, MediaProbe probe, FfmpegTools tools)
{
    /// <summary>Each reads and writes the whole file.</summary>
    const int Most = 6;

    /// <summary>Writes <paramref name="output"/>.</summary>
    /// <param name="input">A copy of the upload, which may be changed for it.</param>
    /// <param name="output">The MP4 to write.</param>
    /// <param name="media">What the upload holds, with what is done with it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FfmpegException">ffmpeg could not do it, even with less.</exception>
    /// <exception cref="MediaException">ffmpeg did it, and what it wrote does not play, or is not all of it.</exception>
    /// <exception cref="VaultException">There was no more room. The upload is fine.</exception>
    public async Task<WrittenFile> WriteAsync(string input, string output, MediaSummary media, CancellationToken cancellationToken)
    {
        var treated = media;
        var changes = new List<string>();
        var apart = false;
        double? jump = null;
        await EditedInput.PrepareAsync(input, media, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            FfmpegComplaints complaints;
            var limits = RemuxBounds.Of(new FileInfo(input).Length, treated) with { JumpSeconds = jump };
            try
            {
                complaints = apart
                    ? await remux.RunWithSoundApartAsync(input, output, treated.Tracks, limits, cancellationToken)
                    : await remux.RunAsync(input, output, treated.Tracks, limits, cancellationToken);
            }
            // Less than 0: missing, or out of time. The others: ended by somebody, or by the system. None is a track's fault.
            catch (FfmpegException exception) when (exception.ExitCode is > 0 and not (129 or 130 or 137 or 143 or 255) && attempt < Most)
            {
                var failed = new FfmpegComplaints(exception.ErrorTail);
                if (failed.IsOutOfRoom)
                    throw new VaultException(
                        "The temporary space was used up while the file was written anew. Make room, and retry.",
                        exception
                    );
                if (failed.IsTooLong)
                    throw RemuxBounds.TooLong(limits, exception);
                if (failed.IsQueueFull && !apart && HasTranscodedSound(treated))
                    apart = true;
                else if (RemuxRetreat.After(failed, treated, apart, tools.TemporaryFolder) is { } retreat)
                    treated = Change(treated, retreat, changes);
                else
                    throw;
                continue;
            }

            RemuxBounds.Check(output, limits);
            await CopiedEnds.KeepAsync(input, output, treated, cancellationToken);
            var written = await ProbeAsync(output, treated, cancellationToken);
            if (attempt < Most && jump is null && await ClockReset.JumpAsync(output, media, written, cancellationToken) is { } found)
            {
                jump = found;
                changes.Add("Its clock is set back on the way; it goes on there.");
                continue;
            }

            if (attempt < Most && RemuxRetreat.From(treated, written) is { } mend)
            {
                treated = Change(treated, mend, changes);
                continue;
            }

            CutShort.Check(complaints, treated, written);
            return new WrittenFile(written, treated, [.. changes]);
        }
    }

    static bool HasTranscodedSound(MediaSummary media) =>
        media.Tracks.Any(track => track is { Kind: MediaTrackKind.Audio, Treatment.Action: TrackAction.Transcode });

    static MediaSummary Change(MediaSummary media, Retreat retreat, List<string> changes)
    {
        changes.Add(retreat.Sentence);
        return media with { Tracks = [.. media.Tracks.Select(track => retreat.Tracks.GetValueOrDefault(track.Index, track))] };
    }

    async Task<MediaSummary> ProbeAsync(string path, MediaSummary treated, CancellationToken cancellationToken)
    {
        var written = await probe.ProbeAsync(path, cancellationToken);
        if (written is null || (MediaPlan.MainVideo(treated) is not null && MediaPlan.MainVideo(written) is null))
            throw new MediaException("FFmpeg wrote no playable video from this file.");
        return written;
    }
}
