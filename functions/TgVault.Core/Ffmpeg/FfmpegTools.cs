using System.Collections.Immutable;
using System.Globalization;
using TgVault.Core.Settings;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// Where ffmpeg and ffprobe are, how long they may take, and what an uploaded file must not make them do. Input is always a local file
/// in one of the formats below. Playlists and concat lists are not among them: they name other files and hosts.
/// </summary>
sealed class FfmpegTools(FfmpegSettings settings)
{
    /// <summary>
    /// The demuxers that ingest knows what to do with (ffmpeg -demuxers). Text formats such as tty or hls would take any file for media.
    /// </summary>
    internal const string InputFormats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mp3,wav,flac,aac,"
        + "h264,hevc,ivf,gif,rm,dv,mxf,aiff,caf,ac3,amr,w64";

    /// <summary>
    /// The most that either program may allocate at once, in bytes. A table in a file of some megabytes can claim hundreds of millions of
    /// samples, each of which would take 24 bytes; the index of the longest film that is taken needs less.
    /// </summary>
    const int MaxAllocation = 512 << 20;

    /// <summary>Arguments before the input of either program.</summary>
    internal static ImmutableArray<string> Confinement { get; } =
    ["-max_alloc", MaxAllocation.ToString(CultureInfo.InvariantCulture), "-protocol_whitelist", "file", "-format_whitelist", InputFormats];

    public string TemporaryFolder => settings.TemporaryFolder.Length > 0 ? settings.TemporaryFolder : Path.GetTempPath();

    internal TimeSpan InspectTimeout => TimeSpan.FromSeconds(settings.InspectSeconds);

    internal TimeSpan PrepareTimeout => TimeSpan.FromSeconds(settings.PrepareSeconds);

    /// <summary>How much may be written into the temporary folder, in bytes.</summary>
    internal long FreeBytes
    {
        get
        {
            Directory.CreateDirectory(TemporaryFolder);
            return new DriveInfo(Path.GetFullPath(TemporaryFolder)).AvailableFreeSpace;
        }
    }

    /// <summary>What to start: the program in the folder that the settings name, or the one on PATH.</summary>
    internal string PathOf(string program) => settings.Folder.Length > 0 ? Path.Combine(settings.Folder, program) : program;
}
