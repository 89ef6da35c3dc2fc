using System.Buffers.Binary;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Edits;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>
/// Has ffmpeg find tracks that an MP4 shows in several pieces put together. What it decodes it cuts itself; what it copies it copies with
/// all that is hidden, and shows that.
/// </summary>
static class EditedInput
{
    /// <summary>Writes another moov behind the copy of an upload where one is needed, and has the first one passed over.</summary>
    public static async Task PrepareAsync(string path, MediaSummary treated, CancellationToken cancellationToken)
    {
        if (!MediaPlan.IsMp4(treated))
            return;
        var copied = treated
            .Tracks.Where(track => track.Treatment?.Action is TrackAction.Copy or TrackAction.Retag)
            .Where(track => track.ContainerId is not null)
            .Select(track => (uint)track.ContainerId!.Value)
            .ToHashSet();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        Mp4Head head;
        byte[]? moov;
        try
        {
            head = await CopiedEnds.ReadAsync(file, cancellationToken);
            moov = head.Layout.IsFragmented ? null : EditedMovie.Of(head, copied);
        }
        catch (MediaException)
        {
            // What its boxes do not tell is ffmpeg's to tell.
            return;
        }

        var last = head.Layout.Boxes[^1];
        // A box that runs to the end of the file says how long it is from now on.
        var isOpen = last.HeaderBytes == BoxHeader.MinBytes;
        if (moov is null || (isOpen && last.LengthBytes > uint.MaxValue))
            return;
        if (isOpen)
            await WriteAsync(file, last.Offset, (uint)last.LengthBytes, cancellationToken);
        await WriteAsync(file, head.Layout.Moov.Offset + sizeof(uint), BoxType.Free.Code, cancellationToken);
        file.SetLength(last.End);
        file.Position = last.End;
        await file.WriteAsync(moov, cancellationToken);
    }

    static async Task WriteAsync(FileStream file, long offset, uint value, CancellationToken cancellationToken)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        file.Position = offset;
        await file.WriteAsync(bytes, cancellationToken);
    }
}
