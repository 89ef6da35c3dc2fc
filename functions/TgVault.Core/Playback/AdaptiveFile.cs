using System.Text;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;

namespace TgVault.Core.Playback;

/// <summary>One file of those that HLS and DASH players ask for.</summary>
/// <param name="Content">Seekable; whoever gets the file disposes it.</param>
/// <param name="ContentType">What it is served as.</param>
public sealed record AdaptiveFile(Stream Content, string ContentType)
{
    /// <summary>Raised whenever the same stored files would be packaged into other bytes, so that validators differ then.</summary>
    public const int PackagingEdition = 7;

    /// <summary>What HLS playlists are served as.</summary>
    public const string HlsType = MultivariantPlaylist.ContentType;

    /// <summary>What MPDs are served as.</summary>
    public const string DashType = Mpd.ContentType;

    /// <summary>What its validator says besides video and attempt: changes with the bytes, and is the same on every instance.</summary>
    public string Edition { get; init; } = $"-{PackagingEdition}";

    /// <summary>How many bytes have to be fetched for each, where that follows from how the vault cut it; 1 or more.</summary>
    public double Cost { get; init; } = 1;

    internal static AdaptiveFile Of(string text, string contentType) => Of(Encoding.UTF8.GetBytes(text), contentType);

    internal static AdaptiveFile Of(byte[] bytes, string contentType) => new(new MemoryStream(bytes, writable: false), contentType);
}
