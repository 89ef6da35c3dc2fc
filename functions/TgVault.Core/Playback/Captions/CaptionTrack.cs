namespace TgVault.Core.Playback.Captions;

/// <summary>Captions beside the video.</summary>
/// <param name="Language">A language tag (BCP 47).</param>
/// <param name="Name">What the player's menu shows.</param>
/// <param name="PlaylistUri">The HLS playlist of the captions, relative to the multivariant playlist.</param>
/// <param name="TextUri">The WebVTT text, relative to the MPD.</param>
internal sealed record CaptionTrack(string Language, string Name, string PlaylistUri, string TextUri);
