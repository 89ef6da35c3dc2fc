using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg.Caging;
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

    /// <summary>What the programs may write besides: where the scripts that tests put in their place note what they did.</summary>
    internal ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Says in the log what the programs may do on this machine.</summary>
    internal static void ReportCage(ILogger logger)
    {
        if (CageReport.IsWhole)
            logger.CageHolds(CageReport.Sentence);
        else
            logger.CageHasGaps(CageReport.Sentence);
    }

    internal TimeSpan InspectTimeout => TimeSpan.FromSeconds(settings.InspectSeconds);

    /// <summary>Null where only the length and the size of what is read limit it.</summary>
    internal TimeSpan? PrepareTimeout => settings.PrepareSeconds > 0 ? TimeSpan.FromSeconds(settings.PrepareSeconds) : null;

    /// <summary>How much may be written into the temporary folder, in bytes.</summary>
    internal long FreeBytes
    {
        get
        {
            Directory.CreateDirectory(TemporaryFolder);
            return new DriveInfo(Path.GetFullPath(TemporaryFolder)).AvailableFreeSpace;
        }
    }

    /// <summary>What to start: the program in the folder that the settings name, or the one on PATH. Null where there is none.</summary>
    internal string? PathOf(string program)
    {
        var folders =
            settings.Folder.Length > 0 ? [settings.Folder] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var name = OperatingSystem.IsWindows() ? $"{program}.exe" : program;
        return folders
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.GetFullPath(Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
