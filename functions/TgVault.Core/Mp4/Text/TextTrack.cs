using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Text;

/// <summary>
/// A text of a text track and when it is shown. Times are on the presentation's timeline, after edit lists: see
/// <see cref="Index.Timeline"/>.
/// </summary>
sealed record TimedText(long StartMilliseconds, long EndMilliseconds, TextSample Sample);

/// <summary>
/// One timed text track of a progressive MP4 (ISO 14496-12 §12.6, tx3g; QuickTime's text): where its samples lie and when they are shown.
/// The samples lie scattered between the media. So they are read by range: neighbours together, and several ranges at once.
/// </summary>
sealed class TextTrack
{
    /// <summary>More than anyone translates a film into.</summary>
    public const int MaxTracks = 64;

    // Every gap between texts is a sample too.
    const int MaxSamples = 100_000;

    // What one text and its styles take; longer ones are no text.
    const int MaxSampleBytes = 64 << 10;
    const int MaxTextBytes = 8 << 20;

    // Reading across a gap of this size costs less than another request.
    const int MaxGapBytes = 32 << 10;
    const int MaxReadBytes = 256 << 10;
    const int ReadsAtOnce = 8;

    readonly SampleTables _tables;
    readonly EditList _edits;
    readonly uint _timescale;
    readonly long _sourceBytes;

    TextTrack(string language, string name, SampleTables tables, EditList edits, uint timescale, long sourceBytes)
    {
        Language = language;
        Name = name;
        _tables = tables;
        _edits = edits;
        _timescale = timescale;
        _sourceBytes = sourceBytes;
    }

    /// <summary>As the file tells it: a tag of BCP 47 (elng), or three letters of ISO 639-2; <c>und</c> where it is not told.</summary>
    public string Language { get; }

    /// <summary>What a person called it; empty otherwise.</summary>
    public string Name { get; }

    /// <summary>The file's text tracks in their order. Each keeps moov in memory as long as it is kept.</summary>
    /// <exception cref="MediaException">The index is damaged, or a text track has edit lists in several pieces.</exception>
    public static ImmutableArray<TextTrack> Find(Mp4Head head) =>
        head.Layout.IsFragmented
            ? throw new MediaException("The MP4 is fragmented: its text lies in its fragments.")
            : Find(head.MoovPayload, head.Layout.LengthBytes, ofChapters: false);

    /// <summary>The track of the file's chapters; null where it has none.</summary>
    /// <exception cref="MediaException">The index is damaged, or the track has edit lists in several pieces.</exception>
    public static TextTrack? FindChapters(Mp4Head head) =>
        Find(head.MoovPayload, head.Layout.LengthBytes, ofChapters: true).FirstOrDefault();

    /// <summary>The texts by their start; gaps are left out.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="most">Further ones are passed over.</param>
    /// <exception cref="MediaException">A sample is damaged.</exception>
    public async Task<ImmutableArray<TimedText>> ReadAsync(ReadRange read, CancellationToken cancellationToken, int most = int.MaxValue)
    {
        var places = ReadPlaces();
        if (places.Count > most)
            places.RemoveRange(most, places.Count - most);
        var samples = new TextSample[places.Count];
        await Parallel.ForEachAsync(
            Runs(places),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (run, cancellation) =>
            {
                var bytes = new byte[run.LengthBytes];
                await read(run.Offset, bytes, cancellation);
                for (var i = run.First; i < run.End; i++)
                    samples[i] = TextSample.Read(bytes.AsSpan((int)(places[i].Offset - run.Offset), places[i].SizeBytes));
            }
        );
        return
        [
            .. places
                .Select((place, i) => new TimedText(place.StartMilliseconds, place.EndMilliseconds, samples[i]))
                .Where(text => text.Sample.Text.Length > 0),
        ];
    }

    static ImmutableArray<TextTrack> Find(ReadOnlyMemory<byte> moov, long sourceBytes, bool ofChapters)
    {
        uint movieTimescale = 0;
        var tracks = ImmutableArray.CreateBuilder<TextTrack>();
        var traks = new List<ReadOnlyMemory<byte>>();
        var children = new BoxCursor(moov.Span);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Mvhd)
                movieTimescale = MovieBox.ReadTimescale(children.Payload);
            else if (children.Type == BoxType.Trak && traks.Count < MovieBox.MaxTracks)
                traks.Add(moov.Slice(children.PayloadStart, children.Payload.Length));
        }

        if (movieTimescale == 0)
            throw Damage.In(BoxType.Mvhd, "has no timescale");
        HashSet<uint> chapters = [.. traks.SelectMany(ChaptersOf)];
        foreach (var trak in traks)
        {
            if (tracks.Count < MaxTracks && Read(trak, movieTimescale, sourceBytes, chapters, ofChapters) is { } track)
                tracks.Add(track);
        }

        return tracks.ToImmutable();
    }

    // Chapters are a text track too, which other tracks name as theirs (QuickTime's tref, 'chap').
    static uint[] ChaptersOf(ReadOnlyMemory<byte> trak)
    {
        if (TrackBox.Find(trak, BoxType.Tref) is not { } tref || TrackBox.Find(tref, BoxType.Chap) is not { } chap)
            return [];
        var fields = new BoxFields(BoxType.Chap, chap.Span);
        var ids = new uint[Math.Min(fields.Rest.Length / 4, MaxTracks)];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = fields.UInt32();
        return ids;
    }

    static TextTrack? Read(ReadOnlyMemory<byte> trak, uint movieTimescale, long sourceBytes, HashSet<uint> chapters, bool ofChapters)
    {
        if (TrackBox.Find(trak, BoxType.Mdia) is not { } mdia || TrackBox.Find(mdia, BoxType.Hdlr) is not { } hdlr)
            return null;
        var handler = new BoxFields(BoxType.Hdlr, hdlr.Span);
        handler.Skip(8);
        if (BoxType.From(handler.Take(4)) is var kind && kind != BoxType.Sbtl && kind != BoxType.Text && kind != BoxType.Subt)
            return null;
        if (TrackBox.Find(mdia, BoxType.Minf) is not { } minf || TrackBox.Find(minf, BoxType.Stbl) is not { } stbl)
            throw Damage.Of("a track has no sample tables");
        if (
            !IsText(TrackBox.Required(stbl, BoxType.Stsd).Span)
            || chapters.Contains(TrackBox.ReadTrackHeader(TrackBox.Required(trak, BoxType.Tkhd).Span).Id) != ofChapters
        )
            return null;

        var (timescale, language) = TrackBox.ReadMediaHeader(mdia);
        var edits =
            TrackBox.Find(trak, BoxType.Edts) is { } edts && TrackBox.Find(edts, BoxType.Elst) is { } elst
                ? EditList.Read(elst.Span, movieTimescale, timescale)
                : EditList.Everything;
        return new TextTrack(language, TrackBox.ReadName(trak), SampleTables.Read(stbl), edits, timescale, sourceBytes);
    }

    static bool IsText(ReadOnlySpan<byte> stsd)
    {
        var fields = new BoxFields(BoxType.Stsd, stsd).ReadVersion();
        fields.Skip(4);
        var entries = new BoxCursor(fields.Rest);
        return entries.MoveNext() && (entries.Type == BoxType.Tx3g || entries.Type == BoxType.Text);
    }

    List<Place> ReadPlaces()
    {
        if (_tables.SampleCount > MaxSamples)
            throw new MediaException($"A text track of the MP4 has more than {MaxSamples} samples.");
        var shownEnd = _edits.Length is { } length ? _edits.MediaStart + length : long.MaxValue;
        var shift = _edits.Delay - _edits.MediaStart;
        var places = new List<Place>();
        var (time, bytes) = (0L, 0L);
        for (var reader = new SampleReader(_tables, _sourceBytes); !reader.AtEnd; )
        {
            var sample = reader.Read();
            var start = Math.Max(time, _edits.MediaStart);
            var end = Math.Min(time + sample.Duration, shownEnd);
            time += sample.Duration;
            // Two bytes are a length of 0: a gap.
            if (sample.SizeBytes is <= 2 or > MaxSampleBytes || end <= start)
                continue;
            bytes += sample.SizeBytes;
            if (bytes > MaxTextBytes)
                throw new MediaException($"A text track of the MP4 has more than {MaxTextBytes >> 20} MiB.");
            places.Add(new Place(sample.Offset, sample.SizeBytes, Milliseconds(start + shift), Milliseconds(end + shift)));
        }

        return places;
    }

    long Milliseconds(long ticks) => (long)((((Int128)ticks * 1000) + (_timescale / 2)) / _timescale);

    static IEnumerable<Run> Runs(List<Place> places)
    {
        for (var first = 0; first < places.Count; )
        {
            var end = first + 1;
            while (
                end < places.Count
                && places[end].Offset >= places[end - 1].End
                && places[end].Offset - places[end - 1].End <= MaxGapBytes
                && places[end].End - places[first].Offset <= MaxReadBytes
            )
                end++;
            yield return new Run(first, end, places[first].Offset, (int)(places[end - 1].End - places[first].Offset));
            first = end;
        }
    }

    readonly record struct Place(long Offset, int SizeBytes, long StartMilliseconds, long EndMilliseconds)
    {
        public long End => Offset + SizeBytes;
    }

    /// <summary>Places that are read together.</summary>
    readonly record struct Run(int First, int End, long Offset, int LengthBytes);
}
