using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>What fragments take where they do not say otherwise (trex, ISO 14496-12 §8.8.3).</summary>
readonly record struct FragmentDefaults(uint Duration, uint SizeBytes, uint Flags);

/// <summary>
/// moov: what the file plays (ISO 14496-12 §8.2). Only video and audio tracks in a codec known here are kept.
/// </summary>
sealed class MovieBox
{
    /// <summary>More than any camera, editor or broadcaster writes.</summary>
    public const int MaxTracks = 1024;

    /// <summary>In the file's order.</summary>
    public ImmutableArray<TrackBox> Tracks { get; private init; } = [];

    /// <summary>By track id; empty where the file has no fragments.</summary>
    public ImmutableDictionary<uint, FragmentDefaults> Defaults { get; private init; } = ImmutableDictionary<uint, FragmentDefaults>.Empty;

    /// <param name="moov">The box's payload; the tracks go on referring to it.</param>
    /// <exception cref="MediaException">The index is damaged, or has no track that can be played.</exception>
    public static MovieBox Read(ReadOnlyMemory<byte> moov)
    {
        uint? timescale = null;
        var found = new List<(int Start, int Length)>();
        var defaults = ImmutableDictionary.CreateBuilder<uint, FragmentDefaults>();
        var children = new BoxCursor(moov.Span);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Cmov)
                throw new MediaException("The MP4's index is compressed (cmov), which is not supported.");
            if (children.Type == BoxType.Mvhd)
                timescale = ReadTimescale(children.Payload);
            else if (children.Type == BoxType.Mvex)
                ReadDefaults(children.Payload, defaults);
            else if (children.Type == BoxType.Trak)
                found.Add((children.PayloadStart, children.Payload.Length));
            if (found.Count > MaxTracks)
                throw Damage.Of($"it has more than {MaxTracks} tracks");
        }

        if (timescale is not > 0)
            throw Damage.In(BoxType.Mvhd, "has no timescale");
        var tracks = ImmutableArray.CreateBuilder<TrackBox>();
        foreach (var (start, length) in found)
        {
            if (TrackBox.Read(moov.Slice(start, length), timescale.Value) is { } track)
                tracks.Add(track);
        }

        if (tracks.DistinctBy(track => track.Id).Count() != tracks.Count)
            throw Damage.Of("it has two tracks with one id");
        return new MovieBox { Tracks = tracks.ToImmutable(), Defaults = defaults.ToImmutable() };
    }

    internal static uint ReadTimescale(ReadOnlySpan<byte> mvhd)
    {
        var fields = new BoxFields(BoxType.Mvhd, mvhd).ReadVersion();
        fields.Skip(fields.Version == 1 ? 16 : 8);
        return fields.UInt32();
    }

    static void ReadDefaults(ReadOnlySpan<byte> mvex, ImmutableDictionary<uint, FragmentDefaults>.Builder defaults)
    {
        var children = new BoxCursor(mvex);
        while (children.MoveNext())
        {
            if (children.Type != BoxType.Trex)
                continue;
            if (defaults.Count == MaxTracks)
                throw Damage.Of($"it has more than {MaxTracks} tracks");
            var fields = new BoxFields(BoxType.Trex, children.Payload).ReadVersion();
            var id = fields.UInt32();
            fields.Skip(4);
            defaults[id] = new FragmentDefaults(fields.UInt32(), fields.UInt32(), fields.UInt32());
        }
    }
}
