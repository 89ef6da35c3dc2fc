using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Codecs;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// What moov says of one track, before anything of it is judged: nothing that is unknown or damaged is refused here, it is left out.
/// </summary>
sealed record TrackSurvey
{
    const int VideoFieldsBytes = 78;
    const int AudioFieldsBytes = 28;

    // The largest first picture that is asked for.
    const int MaxFirstBytes = 4 << 20;

    /// <summary>0 where the track has none.</summary>
    public uint Id { get; private init; }

    /// <summary>What it is for (hdlr): vide, soun, text, ...</summary>
    public BoxType Handler { get; private init; }

    /// <summary>What its sample entries are called, in their order.</summary>
    public ImmutableArray<BoxType> Entries { get; private init; } = [];

    /// <summary>Whether its samples are encrypted, by what its sample entries hold or lie beside; see <see cref="Protection"/>.</summary>
    public bool IsEncrypted { get; private init; }

    /// <summary>Samples in moov's own tables.</summary>
    public uint SampleCount { get; private init; }

    /// <summary>How many of them lie in the file, in decoding order from the first on.</summary>
    public uint SamplesInFile { get; private init; }

    /// <summary>As <see cref="TrackBox.Language"/>.</summary>
    public string Language { get; private init; } = "und";

    /// <summary>Of H.264, by ffmpeg's name; null where it is not told.</summary>
    public string? PixelFormat { get; private init; }

    /// <summary>Where its first sample lies, at most 4 MiB of it; null where there is none, or none in the file.</summary>
    public SourceRange? First { get; private init; }

    public bool IsVideo => Handler == BoxType.Vide;

    public bool IsSound => Handler == BoxType.Soun;

    /// <summary>Surveys the tracks of a file in their order.</summary>
    public static ImmutableArray<TrackSurvey> ReadAll(Mp4Head head)
    {
        var tracks = ImmutableArray.CreateBuilder<TrackSurvey>();
        // Equal samples take no room for however many are claimed, so all tracks together are not counted through further than this.
        long left = SampleTables.MaxSamples;
        foreach (var trak in Boxes(head.MoovPayload, BoxType.Trak).Take(MovieBox.MaxTracks))
            tracks.Add(Read(trak, head.Layout.LengthBytes, ref left));
        return tracks.ToImmutable();
    }

    static TrackSurvey Read(ReadOnlyMemory<byte> trak, long sourceBytes, ref long left)
    {
        var survey = new TrackSurvey();
        // Each part stands for itself: one that is damaged leaves the others.
        survey = Try(survey, () => survey with { Id = TrackBox.ReadTrackHeader(TrackBox.Required(trak, BoxType.Tkhd).Span).Id });
        foreach (var mdia in Boxes(trak, BoxType.Mdia).Take(1))
        {
            survey = Try(survey, () => survey with { Handler = HandlerOf(TrackBox.Required(mdia, BoxType.Hdlr).Span) });
            survey = Try(survey, () => survey with { Language = TrackBox.ReadMediaHeader(mdia).Language });
            foreach (var minf in Boxes(mdia, BoxType.Minf).Take(1))
            foreach (var stbl in Boxes(minf, BoxType.Stbl).Take(1))
            {
                survey = Try(survey, () => ReadEntries(survey, TrackBox.Required(stbl, BoxType.Stsd)));
                survey = survey with { IsEncrypted = survey.IsEncrypted || Protection.IsBeside(stbl) };
                survey = ReadTables(survey, stbl, sourceBytes, ref left);
            }
        }

        return survey;
    }

    static BoxType HandlerOf(ReadOnlySpan<byte> hdlr)
    {
        var fields = new BoxFields(BoxType.Hdlr, hdlr);
        fields.Skip(8);
        return BoxType.From(fields.Take(4));
    }

    static TrackSurvey ReadEntries(TrackSurvey survey, ReadOnlyMemory<byte> stsd)
    {
        const int headBytes = 8,
            most = 256;
        var entries = ImmutableArray.CreateBuilder<BoxType>();
        foreach (var (type, payload) in AllBoxes(stsd.Length > headBytes ? stsd[headBytes..] : default).Take(most))
        {
            entries.Add(type);
            survey = survey with { IsEncrypted = survey.IsEncrypted || Protection.IsIn(type, payload) };
            if (survey.IsVideo && payload.Length > VideoFieldsBytes)
            {
                foreach (var avcC in Boxes(payload[VideoFieldsBytes..], BoxType.AvcC).Take(1))
                    survey = survey with { PixelFormat = survey.PixelFormat ?? AvcSequence.PixelFormatOf(avcC.Span) };
            }
        }

        return survey with
        {
            Entries = entries.ToImmutable(),
        };
    }

    static TrackSurvey ReadTables(TrackSurvey survey, ReadOnlyMemory<byte> stbl, long sourceBytes, ref long left)
    {
        SampleReader? reader = null;
        try
        {
            var tables = SampleTables.Read(stbl);
            survey = survey with { SampleCount = tables.SampleCount, SamplesInFile = tables.SampleCount };
            for (reader = new SampleReader(tables, sourceBytes); !reader.AtEnd && left > 0; left--)
            {
                var sample = reader.Read();
                if (sample.SizeBytes > 0 && survey.First is null)
                    survey = survey with { First = new SourceRange(sample.Offset, Math.Min(sample.SizeBytes, MaxFirstBytes)) };
            }
        }
        catch (MediaException exception)
        {
            return exception.Fault == MediaFault.CutShort ? survey with { SamplesInFile = reader?.Next ?? 0 } : survey;
        }

        return survey;
    }

    static TrackSurvey Try(TrackSurvey before, Func<TrackSurvey> read)
    {
        try
        {
            return read();
        }
        catch (MediaException)
        {
            return before;
        }
    }

    static IEnumerable<ReadOnlyMemory<byte>> Boxes(ReadOnlyMemory<byte> parent, BoxType type) =>
        AllBoxes(parent).Where(box => box.Type == type).Select(box => box.Payload);

    // Up to the first whose size does not fit.
    internal static List<(BoxType Type, ReadOnlyMemory<byte> Payload)> AllBoxes(ReadOnlyMemory<byte> parent)
    {
        var found = new List<(BoxType, ReadOnlyMemory<byte>)>();
        var children = new BoxCursor(parent.Span);
        try
        {
            while (found.Count < Mp4Layout.MaxBoxes && children.MoveNext())
                found.Add((children.Type, parent.Slice(children.PayloadStart, children.Payload.Length)));
        }
        catch (MediaException)
        {
            return found;
        }

        return found;
    }
}
