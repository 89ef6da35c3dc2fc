using FFMpegCore;

namespace TgVault.Core.Ffmpeg;

/// <summary>What ffprobe says of a stream: FFMpegCore's model, and from what that keeps aside as JSON, what is used of it.</summary>
/// <exception cref="InvalidOperationException">What is kept aside is of another type than ffprobe's.</exception>
sealed class ProbeStream(FFProbeStream model)
{
    public FFProbeStream Model => model;

    /// <summary>The container's own number for it, in hexadecimal (0x1); null where it has none.</summary>
    public string? Id { get; } = Aside(model, "id");

    /// <summary>How many samples the container counts; null where it does not.</summary>
    public string? FrameCount { get; } = Aside(model, "nb_frames");

    /// <summary>The codec's settings, as ffprobe dumps bytes: lines of <c>00000010: 1208 56e5 00   ..V..</c>.</summary>
    public string? Settings { get; } = Aside(model, "extradata");

    /// <summary>Degrees the picture is turned by, counter-clockwise, of the display matrix or else of the tag; null without both.</summary>
    public string? Rotation { get; } = RotationOf(model);

    /// <summary>A tag as it is named in the file; null where the stream has none of that name.</summary>
    public string? Tag(string name) => model.Tags?.GetValueOrDefault(name);

    static string? Aside(FFProbeStream model, string name) =>
        model.ExtensionData?.TryGetValue(name, out var value) == true ? value.GetString() : null;

    static string? RotationOf(FFProbeStream model)
    {
        var matrix = model.SideData?.FirstOrDefault(data => data?.GetValueOrDefault("side_data_type")?.ToString() == "Display Matrix");
        return matrix is null ? model.Tags?.GetValueOrDefault("rotate") : matrix.GetValueOrDefault("rotation")?.ToString();
    }
}
