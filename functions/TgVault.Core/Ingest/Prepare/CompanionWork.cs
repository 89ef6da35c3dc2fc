using System.Collections.Immutable;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Library;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// What makers of companions work with, one after the other: the attempt, its row as it stands, and the prepared file with what was read
/// of it already. For one maker at a time.
/// </summary>
sealed class CompanionWork : IDisposable
{
    readonly ILibrary _library;
    readonly IStaging _staging;
    readonly TimeProvider _time;
    Mp4Head? _head;

    internal CompanionWork(ILibrary library, IStaging staging, TimeProvider time, IngestRun run, Video video, PreparedUpload prepared)
    {
        (_library, _staging, _time) = (library, staging, time);
        (Run, Video, Prepared) = (run, video, prepared.File);
        (_head, Index, UploadCopy) = (prepared.Head, prepared.Index, prepared.UploadCopy);
    }

    public IngestRun Run { get; }

    /// <summary>The row, with every companion that was added.</summary>
    public Video Video { get; private set; }

    public PreparedFile Prepared { get; }

    /// <summary>Whether it plays, and is not only kept.</summary>
    public bool Plays => Video.Inspection.Decision!.Action != MediaAction.KeepAsFile;

    /// <summary>The number that the next companion gets: others that belong to it can name it.</summary>
    public int NextNumber => Video.Files.LastCompanion + 1;

    /// <summary>The prepared file's index, once it was made by this process.</summary>
    internal Mp4Index? Index { get; set; }

    /// <summary>The whole upload as a local file, where ffmpeg needed one.</summary>
    internal TemporaryFile? UploadCopy { get; private set; }

    /// <summary>Reads the prepared file.</summary>
    internal ReadRange Read =>
        (offset, destination, cancellation) => _staging.ReadAsync(Prepared.Extents, offset, destination, cancellation);

    /// <summary>Layout and moov of the prepared file, read at most once.</summary>
    /// <exception cref="MediaException">It is no MP4, it is damaged, or its moov is larger than is read.</exception>
    internal async Task<Mp4Head> HeadAsync(CancellationToken cancellationToken) =>
        _head ??= await Mp4Head.ReadAsync(Read, Prepared.LengthBytes, cancellationToken);

    /// <summary>Stages what a companion holds.</summary>
    /// <param name="companion">What it is.</param>
    /// <param name="name">What the blob is called, for people.</param>
    /// <param name="content">At least one byte.</param>
    /// <param name="cancellationToken">Stops staging.</param>
    public async Task<Companion> StageAsync(Companion companion, string name, Stream content, CancellationToken cancellationToken)
    {
        var blob = await _staging.SavePreparedAsync(PreparedName.Of(Run, name), content, cancellationToken);
        return companion with { LengthBytes = blob.LengthBytes, Extents = [Extent.Whole(blob)] };
    }

    /// <summary>
    /// Adds companions to the row, under the next numbers. They are there after a crash, and what was added together is there together.
    /// Where another process prepares the same attempt and was faster, its companions count and these do not.
    /// </summary>
    /// <param name="companions">They get the next numbers.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <param name="told">A sentence that the decision's reason gets with them; null for none.</param>
    /// <exception cref="AttemptAbandonedException">The attempt is over.</exception>
    public async Task AddAsync(ImmutableArray<Companion> companions, CancellationToken cancellationToken, string? told = null)
    {
        if (companions.IsEmpty)
            return;
        var first = NextNumber;
        var numbered = companions.Select((companion, i) => companion with { Number = first + i }).ToImmutableArray();
        Video = await _library.ChangeAsync(
            Run,
            _time,
            current =>
                current.Files.Plan is not null || current.Files.LastCompanion >= first
                    ? null
                    : current with
                    {
                        Files = current.Files with
                        {
                            Companions = current.Files.Companions.AddRange(numbered),
                            LastCompanion = numbered[^1].Number,
                        },
                        Inspection = told is null ? current.Inspection : Tell(current.Inspection, told),
                    },
            cancellationToken
        );
    }

    static VideoInspection Tell(VideoInspection inspection, string told) =>
        inspection with
        {
            Decision = inspection.Decision! with { Reason = $"{inspection.Decision.Reason} {told}" },
        };

    /// <summary>Gives up the copy of the upload and the moov. A maker that needs room, or hours, calls this first.</summary>
    internal void LetGo()
    {
        UploadCopy?.Dispose();
        (UploadCopy, _head) = (null, null);
    }

    public void Dispose() => LetGo();
}
