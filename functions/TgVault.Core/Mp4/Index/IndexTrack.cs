using System.Buffers.Binary;
using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Index;

/// <summary>One track that segments are made of. Times are in ticks of <see cref="Timescale"/>, on the timeline of the segments.</summary>
sealed record IndexTrack
{
    public required MediaTrackKind Kind { get; init; }

    /// <summary>Ticks per second.</summary>
    public required uint Timescale { get; init; }

    /// <summary>As players ask for it (RFC 6381), for example <c>avc1.64001F</c> or <c>mp4a.40.2</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>Three letters of ISO 639-2, or a tag of BCP 47; <c>und</c> where it is not told.</summary>
    public required string Language { get; init; }

    /// <summary>What a person called it; empty otherwise.</summary>
    public required string Name { get; init; }

    /// <summary>Of video, in pixels, before rotation.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    public int Channels { get; init; }

    /// <summary>In hertz.</summary>
    public int SampleRate { get; init; }

    public int SampleCount { get; init; }

    /// <summary>When the first sample is shown.</summary>
    public long Start { get; init; }

    /// <summary>When the last sample's showing ends.</summary>
    public long End { get; init; }

    /// <summary>What the presentation calls 0: before it lies only what edit lists hide, such as audio priming.</summary>
    public long Origin { get; init; }

    /// <summary>Frames per second of video, on average.</summary>
    public double FrameRate => End > Start ? SampleCount * (double)Timescale / (End - Start) : 0;

    /// <summary>Of video, where the file tells: the sample entry has it, so no index needs it apart.</summary>
    public VideoColour? Colour => Kind == MediaTrackKind.Video ? VideoColour.Of(SampleEntry) : null;

    /// <summary>Degrees the picture is turned by when shown: 0, 90, 180 or 270.</summary>
    public int Rotation
    {
        get
        {
            // The matrix's a and b are cosine and sine, as 16.16 fixed-point numbers (ISO 14496-12 §6.2.2).
            var cosine = BinaryPrimitives.ReadInt32BigEndian(Matrix);
            var sine = BinaryPrimitives.ReadInt32BigEndian(Matrix.AsSpan(4));
            return ((int)Math.Round(Math.Atan2(sine, cosine) / Math.PI * 2) & 3) * 90;
        }
    }

    internal long FirstDecode { get; init; }

    internal int CompositionShift { get; init; }

    internal byte[] Matrix { get; init; } = new byte[36];

    internal byte[] SampleEntry { get; init; } = [];
}
