using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Edits;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>Has copied tracks of an MP4 end where its edit lists end them, in what ffmpeg wrote of it too.</summary>
static class CopiedEnds
{
    public static async Task KeepAsync(string input, string output, MediaSummary treated, CancellationToken cancellationToken)
    {
        if (!MediaPlan.IsMp4(treated))
            return;
        try
        {
            Dictionary<uint, double> ends;
            await using (var source = new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.Read))
                ends = EditEnds.Of(await ReadAsync(source, cancellationToken));
            if (ends.Count == 0)
                return;
            await using var made = new FileStream(output, FileMode.Open, FileAccess.ReadWrite);
            var seconds = Remux.Written(treated.Tracks).Select(track => EndOf(track, ends, treated)).ToList();
            foreach (var change in EditEnds.Shorten(await ReadAsync(made, cancellationToken), seconds))
            {
                made.Position = change.Offset;
                await made.WriteAsync(change.Bytes, cancellationToken);
            }
        }
        catch (MediaException)
        {
            // What its boxes do not tell is ffmpeg's to tell.
        }
    }

    // A first picture that is shown from the start makes it so much longer.
    static double? EndOf(MediaTrack track, Dictionary<uint, double> ends, MediaSummary treated) =>
        track.Treatment is { Action: TrackAction.Copy or TrackAction.Retag } treatment
        && track.ContainerId is { } id
        && ends.TryGetValue((uint)id, out var end)
            ? end + (treatment.FillsStart ? TrackRules.PicturesLateBy(treated) : 0)
            : null;

    internal static Task<Mp4Head> ReadAsync(FileStream file, CancellationToken cancellationToken) =>
        Mp4Head.ReadAsync(
            async (offset, destination, cancellation) =>
            {
                file.Position = offset;
                await file.ReadExactlyAsync(destination, cancellation);
            },
            file.Length,
            cancellationToken
        );
}
