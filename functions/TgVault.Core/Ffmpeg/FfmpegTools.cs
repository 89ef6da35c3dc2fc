using FFMpegCore;
using TgVault.Core.Settings;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// How ffmpeg and ffprobe are run: where they are, and what an uploaded file must not make them do. Input is always a local file and
/// only in the formats below: playlists and concat lists, which name other files and hosts, are not among them.
/// </summary>
sealed class FfmpegTools(FfmpegSettings settings)
{
    /// <summary>The demuxers ingest knows what to do with (ffmpeg -demuxers). Text formats such as tty or hls would take any file for media.</summary>
    const string InputFormats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mp3,wav,flac,aac,h264,hevc,ivf,gif,rm,dv,mxf,aiff,caf,ac3,amr,w64";

    /// <summary>Arguments before the input of either program.</summary>
    public static string Confinement => $"-protocol_whitelist file -format_whitelist {InputFormats}";

    public TimeSpan InspectTimeout => TimeSpan.FromSeconds(settings.InspectSeconds);

    public TimeSpan PrepareTimeout => TimeSpan.FromSeconds(settings.PrepareSeconds);

    /// <summary>What FFMpegCore is told; an empty folder means PATH.</summary>
    public FFOptions Options => new() { BinaryFolder = settings.Folder, TemporaryFilesFolder = TemporaryFolder };

    public string TemporaryFolder => settings.TemporaryFolder.Length > 0 ? settings.TemporaryFolder : Path.GetTempPath();

    /// <summary>How much may be written into the temporary folder, in bytes.</summary>
    public long FreeBytes
    {
        get
        {
            Directory.CreateDirectory(TemporaryFolder);
            return new DriveInfo(Path.GetFullPath(TemporaryFolder)).AvailableFreeSpace;
        }
    }
}
