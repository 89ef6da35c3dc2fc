using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Playback.Packaging;

/// <summary>What playlists, segments and the fragmented file of one stored video are computed from. For any number of threads.</summary>
public sealed class PackagedVideo(Mp4Index index)
{
    /// <summary>Raised whenever the same file would be packaged into other bytes, so that validators differ then.</summary>
    public const int Edition = 3;

    FragmentedFile? _fragmented;

    public Mp4Index Index => index;

    public FragmentedFile Fragmented => _fragmented ??= new FragmentedFile(index);

    /// <summary>What it has in memory, roughly: pages, the segment table, and where fragments begin.</summary>
    internal long MemoryBytes =>
        4096
        + index.Pages.Sum(page => page.Packed.Length + 64L + (4 * page.Counts.Length))
        + index.Tracks.Sum(track => 512L + track.SampleEntry.Length)
        + (index.SegmentCount * (20L + (24 * index.Tracks.Length)));
}
