namespace TgVault.Core.Captioning;

/// <summary>One text and when it is shown.</summary>
/// <param name="StartMilliseconds">From the beginning of the video.</param>
/// <param name="EndMilliseconds">Later than the start.</param>
/// <param name="Text">WebVTT cue text (W3C WebVTT §4.2.2): marked up and escaped; lines end in \n, none is blank.</param>
sealed record Cue(long StartMilliseconds, long EndMilliseconds, string Text)
{
    /// <summary>Of one line; may be empty.</summary>
    public string Id { get; init; } = "";

    /// <summary>Where it is shown (W3C WebVTT §4.4), for example <c>line:0 align:start</c>; may be empty.</summary>
    public string Settings { get; init; } = "";
}
