using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>What the runs of one track in one fragment begin from (tfhd, ISO 14496-12 §8.8.7).</summary>
readonly record struct TrackFragment(uint Track, long BaseOffset, FragmentDefaults Defaults)
{
    /// <param name="tfhd">The box's payload.</param>
    /// <param name="movie">Whose trex the defaults come from.</param>
    /// <param name="moofOffset">Where the fragment begins in the file.</param>
    /// <param name="previousEnd">Where the data of the track before it ends.</param>
    public static TrackFragment Read(ReadOnlySpan<byte> tfhd, MovieBox movie, long moofOffset, long previousEnd)
    {
        const uint ownBase = 1,
            ownDescription = 2,
            ownDuration = 8,
            ownSize = 0x10,
            ownFlags = 0x20,
            baseIsMoof = 0x20000;
        var fields = new BoxFields(BoxType.Tfhd, tfhd).ReadVersion();
        var has = fields.Flags;
        var track = fields.UInt32();
        var defaults = movie.Defaults.GetValueOrDefault(track);
        var start = (has & baseIsMoof) != 0 ? moofOffset : previousEnd;
        if ((has & ownBase) != 0)
        {
            var told = fields.UInt64();
            start = told <= long.MaxValue / 2 ? (long)told : throw Damage.In(BoxType.Tfhd, "places its data past the end of the file");
        }

        if ((has & ownDescription) != 0 && fields.UInt32() != 1)
            throw new MediaException("The MP4 changes its codec settings midway, which is not supported.");
        var duration = (has & ownDuration) != 0 ? fields.UInt32() : defaults.Duration;
        var size = (has & ownSize) != 0 ? fields.UInt32() : defaults.SizeBytes;
        var flags = (has & ownFlags) != 0 ? fields.UInt32() : defaults.Flags;
        return new TrackFragment(track, start, new FragmentDefaults(duration, size, flags));
    }
}
