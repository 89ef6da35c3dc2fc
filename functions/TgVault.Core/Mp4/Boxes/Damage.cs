namespace TgVault.Core.Mp4.Boxes;

/// <summary>How a malformed MP4 is told: one plain sentence that names the box.</summary>
static class Damage
{
    public static MediaException In(BoxType box, string what) => new($"The MP4 is damaged: its '{box}' box {what}.");

    public static MediaException Of(string what) => new($"The MP4 is damaged: {what}.");

    /// <summary>What is named lies behind the end of the file.</summary>
    public static MediaException PastEnd(string what) =>
        new($"The MP4 is damaged: {what}; it may be cut short.") { Fault = MediaFault.CutShort };
}
