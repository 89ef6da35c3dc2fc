using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Everything that playlists and segments of one MP4 are computed from: its tracks, the cut into segments, and every sample's time, size
/// and place, at about twelve bits per sample. Made once from the file that is stored, kept beside it; reading it does not need the file.
/// Immutable, safe for any number of threads.
/// </summary>
sealed class Mp4Index
{
    // The index that keeps the pages of this one.
    Mp4Index? _pagesOf;

    internal Mp4Index(long sourceBytes, ImmutableArray<IndexTrack> tracks, ImmutableArray<PageEntry> pages, SegmentTable segments)
    {
        SourceBytes = sourceBytes;
        Tracks = tracks;
        Pages = pages;
        Segments = segments;
        PictureTail = FindPictureTail();
    }

    /// <summary>The length of the file that it indexes, in bytes.</summary>
    public long SourceBytes { get; }

    /// <summary>The video track, if there is one, then the audio tracks. The first one decides where segments begin.</summary>
    public ImmutableArray<IndexTrack> Tracks { get; }

    /// <summary>How many segments the timeline is cut into. A track may have no samples in some of them.</summary>
    public int SegmentCount => Segments.Count;

    /// <summary>
    /// Whether every segment decodes without the one before it. Where not, its first pictures may need that one, and players that begin
    /// here leave them out.
    /// </summary>
    public bool HasIndependentSegments => Segments.IsClosed;

    /// <summary>From the first sample shown to the last, in seconds.</summary>
    public double DurationSeconds => Tracks.Max(track => (double)(track.End - track.Origin) / track.Timescale);

    /// <summary>
    /// For how long, in the lead's ticks, the film goes on behind the end of the last picture; 0 where that is under a second: as in the
    /// cut into segments.
    /// </summary>
    internal long PictureTail { get; }

    /// <summary>The track ids that the tracks have in the file; only where the index was made from it just now.</summary>
    internal ImmutableArray<uint> SourceIds { get; init; } = [];

    internal ImmutableArray<PageEntry> Pages { get; }

    internal SegmentTable Segments { get; }

    /// <summary>Keeps this index's unpacked pages as long as it is in use; set by the cache itself.</summary>
    internal PageCache? PageCache { get; set; }

    /// <summary>
    /// Makes the index of an MP4, progressive or fragmented. Of a progressive file only moov is read; of a fragmented one every fragment's
    /// head too.
    /// </summary>
    /// <param name="read">Reads the file that is stored.</param>
    /// <param name="lengthBytes">Its length in bytes.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MediaException">
    /// The file is no MP4, is damaged, or cannot be cut into segments: no track in a codec that browsers play, or edit lists in several
    /// pieces.
    /// </exception>
    public static async Task<Mp4Index> BuildAsync(ReadRange read, long lengthBytes, CancellationToken cancellationToken) =>
        await BuildAsync(await Mp4Head.ReadAsync(read, lengthBytes, cancellationToken), read, cancellationToken);

    /// <summary>Makes the index of an MP4 whose moov was read already.</summary>
    /// <inheritdoc cref="BuildAsync(ReadRange, long, CancellationToken)"/>
    internal static Task<Mp4Index> BuildAsync(Mp4Head head, ReadRange read, CancellationToken cancellationToken) =>
        IndexBuilder.BuildAsync(head, read, cancellationToken);

    /// <summary>The index as bytes; <see cref="Decode"/> is the way back.</summary>
    public byte[] Encode() => IndexFormat.Write(this);

    /// <param name="encoded">What <see cref="Encode"/> gave; must not change as long as the index is used.</param>
    /// <exception cref="MediaException">It is of another version, or not an index: build it anew.</exception>
    public static Mp4Index Decode(ReadOnlyMemory<byte> encoded) => IndexFormat.Read(encoded);

    /// <summary>
    /// The time that segments of one track call 0. It is the origin, except where pictures before it are hidden: browsers drop those
    /// although the next ones need them, so they are shown, and every track begins as much earlier.
    /// </summary>
    internal long SegmentOrigin(int track)
    {
        var lead = Tracks[0];
        if (lead.Kind != MediaTrackKind.Video || lead.Start >= lead.Origin)
            return Tracks[track].Origin;
        var hidden = (Int128)(lead.Origin - lead.Start) * Tracks[track].Timescale / lead.Timescale;
        return Math.Max(0, Tracks[track].Origin - (long)hidden);
    }

    /// <summary>The same with tracks that are in other languages than their file can say.</summary>
    /// <param name="languages">Of each track, as <see cref="IndexTrack.Language"/>.</param>
    internal Mp4Index In(IReadOnlyList<string> languages) =>
        new(SourceBytes, [.. Tracks.Select((track, number) => track with { Language = languages[number] })], Pages, Segments)
        {
            SourceIds = SourceIds,
        };

    /// <summary>The same, cut into other segments.</summary>
    internal Mp4Index With(SegmentTable segments) => new(SourceBytes, Tracks, Pages, segments) { SourceIds = SourceIds, _pagesOf = this };

    /// <summary>
    /// Calls <paramref name="take"/> with the track's samples in decoding order, from <paramref name="first"/> on; reads only the pages
    /// they are in.
    /// </summary>
    internal void ReadSamples(int track, int first, int count, Action<Sample> take)
    {
        var (number, end) = (0, first + count);
        for (var i = 0; i < Pages.Length && number < end; i++)
        {
            var next = number + Pages[i].Counts[track];
            if (next > Math.Max(number, first))
            {
                foreach (var sample in PageAt(i)[track][Math.Max(0, first - number)..Math.Min(next - number, end - number)])
                    take(sample);
            }

            number = next;
        }
    }

    long FindPictureTail()
    {
        var lead = Tracks[0];
        if (lead.Kind != MediaTrackKind.Video)
            return 0;
        // A rendition has no sound of its own: the end of its segments is its original's.
        var tail =
            Tracks.Length == 1
                ? Segments.Boundaries[^1] - lead.End
                : Tracks.Select((track, number) => (Int128)(track.End - SegmentOrigin(number)) * lead.Timescale / track.Timescale).Max()
                    - (lead.End - SegmentOrigin(0));
        return tail < lead.Timescale ? 0 : (long)Int128.Min(tail, uint.MaxValue);
    }

    SamplePage PageAt(int number) => _pagesOf?.PageAt(number) ?? PageCache?.Get(this, number) ?? SamplePage.Unpack(Pages[number]);
}
