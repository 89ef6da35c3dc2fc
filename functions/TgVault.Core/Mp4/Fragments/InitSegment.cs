using System.Text;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// What a player reads before any segment: ftyp, and moov with empty sample tables (ISO 14496-12 §8.8, CMAF §7.3). The edit list begins
/// at the origin, for players that honour it; see <see cref="Timeline"/>.
/// </summary>
internal static class InitSegment
{
    const uint MovieTimescale = 1000;

    /// <summary>The init segment of one track.</summary>
    /// <param name="index">The file's index.</param>
    /// <param name="track">The track's place in <see cref="Mp4Index.Tracks"/>.</param>
    public static byte[] Write(Mp4Index index, int track) => Write(index, [track], [new Edit(0, index.SegmentOrigin(track))]);

    /// <summary>
    /// The init segment of one file with all tracks, which is not played piece by piece: its edit lists may hide pictures, and say when
    /// the first one is shown. From that ffmpeg knows how much earlier pictures are decoded than shown, and finds the one before a place.
    /// </summary>
    internal static byte[] WriteAll(Mp4Index index, FileTimes times) =>
        Write(
            index,
            [.. Enumerable.Range(0, index.Tracks.Length)],
            [
                .. index.Tracks.Select(
                    (track, number) =>
                    {
                        var late = track.Kind == MediaTrackKind.Video ? Math.Max(0, track.Start - track.Origin) : 0;
                        return new Edit(late, track.Origin - times.Earlier(number) + late);
                    }
                ),
            ]
        );

    /// <summary>The init segment of the first track alone, whose times count from 0: for pictures taken out of the film.</summary>
    internal static byte[] WritePictures(Mp4Index index) => Write(index, [0], [default]);

    static byte[] Write(Mp4Index index, ReadOnlySpan<int> tracks, ReadOnlySpan<Edit> edits)
    {
        // Ticks in which the delay of a track can be told: only that of pictures is.
        var timescale = edits[0].Delay > 0 ? index.Tracks[tracks[0]].Timescale : MovieTimescale;
        var writer = new BoxWriter(1024);
        using (writer.Open(BoxType.Ftyp))
            writer.Bytes("iso6"u8).UInt32(0).Bytes("iso6cmfcdashmp41"u8);
        using (writer.Open(BoxType.Moov))
        {
            using (writer.Open(BoxType.Mvhd, 0, 0))
            {
                writer
                    .Zeros(8)
                    .UInt32(timescale)
                    .UInt32(0)
                    .UInt32(0x10000)
                    .UInt16(0x100)
                    .Zeros(10)
                    .Bytes(Unturned)
                    .Zeros(24)
                    .UInt32((uint)index.Tracks.Length + 1);
            }

            for (var i = 0; i < tracks.Length; i++)
                WriteTrack(writer, index.Tracks[tracks[i]], (uint)tracks[i] + 1, edits[i]);
            using (writer.Open(BoxType.Mvex))
            {
                using (writer.Open(BoxType.Mehd, 1, 0))
                    writer.UInt64((ulong)(index.DurationSeconds * timescale));
                foreach (var track in tracks)
                {
                    using (writer.Open(BoxType.Trex, 0, 0))
                        writer.UInt32((uint)track + 1).UInt32(1).Zeros(12);
                }
            }
        }

        return writer.ToArray();
    }

    static ReadOnlySpan<byte> Unturned =>
        [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0];

    static void WriteTrack(BoxWriter writer, IndexTrack track, uint id, Edit edit)
    {
        const uint enabledInMovieAndPreview = 7;
        var isVideo = track.Kind == MediaTrackKind.Video;
        using (writer.Open(BoxType.Trak))
        {
            using (writer.Open(BoxType.Tkhd, 0, enabledInMovieAndPreview))
            {
                writer
                    .Zeros(8)
                    .UInt32(id)
                    .Zeros(4)
                    .UInt32(0)
                    .Zeros(12)
                    .UInt16((ushort)(isVideo ? 0 : 0x100))
                    .Zeros(2)
                    .Bytes(track.Matrix)
                    .UInt32((uint)track.Width << 16)
                    .UInt32((uint)track.Height << 16);
            }

            if (edit.Origin > 0)
            {
                const uint normalSpeed = 0x10000;
                using (writer.Open(BoxType.Edts))
                using (writer.Open(BoxType.Elst, 1, 0))
                {
                    writer.UInt32(edit.Delay > 0 ? 2u : 1);
                    if (edit.Delay > 0)
                        writer.UInt64((ulong)edit.Delay).UInt64(ulong.MaxValue).UInt32(normalSpeed);
                    writer.UInt64(0).UInt64((ulong)edit.Origin).UInt32(normalSpeed);
                }
            }

            using (writer.Open(BoxType.Mdia))
                WriteMedia(writer, track, isVideo);
        }
    }

    static void WriteMedia(BoxWriter writer, IndexTrack track, bool isVideo)
    {
        using (writer.Open(BoxType.Mdhd, 0, 0))
            writer.Zeros(8).UInt32(track.Timescale).UInt32(0).UInt16(PackLanguage(track.Language)).Zeros(2);
        if (track.Language.Length != 3)
        {
            using (writer.Open(BoxType.Elng, 0, 0))
                writer.Bytes(Encoding.ASCII.GetBytes(track.Language)).Zeros(1);
        }

        using (writer.Open(BoxType.Hdlr, 0, 0))
            writer.Zeros(4).UInt32((isVideo ? BoxType.Vide : BoxType.Soun).Code).Zeros(12).Bytes(isVideo ? "Video\0"u8 : "Audio\0"u8);
        using (writer.Open(BoxType.Minf))
        {
            if (isVideo)
            {
                using (writer.Open(BoxType.Vmhd, 0, 1))
                    writer.Zeros(8);
            }
            else
            {
                using (writer.Open(BoxType.Smhd, 0, 0))
                    writer.Zeros(4);
            }

            using (writer.Open(BoxType.Dinf))
            using (writer.Open(BoxType.Dref, 0, 0))
            {
                writer.UInt32(1);
                using (writer.Open(BoxType.Url, 0, 1)) { }
            }

            using (writer.Open(BoxType.Stbl))
            {
                using (writer.Open(BoxType.Stsd, 0, 0))
                    writer.UInt32(1).Bytes(track.SampleEntry);
                using (writer.Open(BoxType.Stts, 0, 0))
                    writer.Zeros(4);
                using (writer.Open(BoxType.Stsc, 0, 0))
                    writer.Zeros(4);
                using (writer.Open(BoxType.Stsz, 0, 0))
                    writer.Zeros(8);
                using (writer.Open(BoxType.Stco, 0, 0))
                    writer.Zeros(4);
            }
        }
    }

    // ISO 14496-12 §8.4.2.3: three letters of five bits each.
    static ushort PackLanguage(string language)
    {
        var letters = LanguageTag.ToThreeLetters(language);
        return (ushort)(((letters[0] & 31) << 10) | ((letters[1] & 31) << 5) | (letters[2] & 31));
    }

    /// <summary>What a track's edit list says, in its ticks: after how much of nothing it begins, and at which time of its media.</summary>
    readonly record struct Edit(long Delay, long Origin);
}
