using System.Buffers.Binary;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Codecs;

/// <summary>
/// The sample entry of a track (stsd, ISO 14496-12 §8.5.2): codec, its configuration, picture or sound format. Kept in the plain form that
/// every player reads: QuickTime's versions of it are turned into that of ISO, and boxes that only tell about production are dropped.
/// </summary>
sealed record SampleEntry
{
    /// <summary>Codec configurations are tens to hundreds of bytes; this also leaves room for HEVC with many parameter sets.</summary>
    public const int MaxBytes = 64 << 10;

    const int VideoFieldsBytes = 78;
    const int AudioFieldsBytes = 28;

    // How bright high dynamic range gets (ISO 14496-12 §12.1.6 and §12.1.7), and the same in VP9's binding: VP9's own
    // stream cannot say it.
    static readonly ImmutableArray<BoxType> LightBoxes = [BoxType.Mdcv, BoxType.Clli, BoxType.SmDm, BoxType.CoLL];

    public required bool IsVideo { get; init; }

    /// <summary>RFC 6381, for example <c>avc1.64001F</c>.</summary>
    public required string Codec { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    public int Channels { get; init; }

    public int SampleRate { get; init; }

    /// <summary>The whole box as it goes into init segments.</summary>
    public required byte[] Box { get; init; }

    /// <summary>Reads the first entry; null where the codec is not one that browsers play from MP4.</summary>
    public static SampleEntry? Read(ReadOnlySpan<byte> stsd, bool isVideo)
    {
        var fields = new BoxFields(BoxType.Stsd, stsd).ReadVersion();
        fields.Skip(4);
        var entries = new BoxCursor(fields.Rest);
        if (!entries.MoveNext())
            throw Damage.In(BoxType.Stsd, "has no entry");
        if (!(isVideo ? CodecString.VideoEntries : CodecString.AudioEntries).Contains(entries.Type))
            return null;
        if (entries.Payload.Length > MaxBytes)
            throw Damage.In(entries.Type, $"has {entries.Payload.Length} bytes");
        return isVideo ? ReadVideo(entries.Type, entries.Payload) : ReadAudio(entries.Type, entries.Payload);
    }

    static SampleEntry? ReadVideo(BoxType type, ReadOnlySpan<byte> payload)
    {
        var fields = new BoxFields(type, payload);
        var head = fields.Take(VideoFieldsBytes);
        var writer = new BoxWriter();
        string? codec = null;
        ReadOnlySpan<byte> configuration = default;
        using (writer.Open(type))
        {
            writer.Zeros(6).UInt16(1).Bytes(head[8..]);
            var children = new BoxCursor(fields.Rest);
            while (children.MoveNext())
            {
                if (CodecString.ForVideo(type, children.Type, children.Payload) is { } told)
                {
                    if (codec is null)
                        configuration = children.Payload;
                    codec ??= told;
                    writer.Box(children.Type, children.Payload);
                }
                else if (IsForScreens(children))
                {
                    writer.Box(children.Type, children.Payload);
                }
            }
        }

        if (codec is null)
            return null;
        var box = writer.ToArray();
        return new SampleEntry
        {
            IsVideo = true,
            Codec = CodecString.WithColour(codec, configuration, VideoColour.Of(box)),
            Width = BinaryPrimitives.ReadUInt16BigEndian(head[24..]),
            Height = BinaryPrimitives.ReadUInt16BigEndian(head[26..]),
            Box = box,
        };
    }

    static SampleEntry? ReadAudio(BoxType type, ReadOnlySpan<byte> payload)
    {
        var fields = new BoxFields(type, payload);
        var head = fields.Take(AudioFieldsBytes);
        // QuickTime's versions 1 and 2 carry more fields, and may put the configuration into a 'wave' box.
        var version = BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        int channels = BinaryPrimitives.ReadUInt16BigEndian(head[16..]);
        var rate = BinaryPrimitives.ReadUInt16BigEndian(head[24..]);
        if (version == 1)
            fields.Skip(16);
        if (version == 2)
        {
            fields.Skip(4);
            rate = (ushort)Math.Clamp(BitConverter.UInt64BitsToDouble(fields.UInt64()), 0, ushort.MaxValue);
            channels = (int)Math.Min(fields.UInt32(), 64);
            fields.Skip(20);
        }

        var (codec, start, length) = FindConfiguration(type, fields.Rest);
        if (codec is null)
            return null;
        if (type == BoxType.Mp4a)
            channels = CodecString.ChannelsOf(fields.Rest.Slice(start, length)[BoxHeader.MinBytes..]) ?? channels;
        var writer = new BoxWriter();
        using (writer.Open(type))
        {
            writer
                .Zeros(6)
                .UInt16(1)
                .Zeros(8)
                .UInt16((ushort)channels)
                .UInt16(16)
                .Zeros(4)
                .UInt16(rate)
                .Zeros(2)
                .Bytes(fields.Rest.Slice(start, length));
        }

        return new SampleEntry
        {
            IsVideo = false,
            Codec = codec,
            Channels = channels,
            SampleRate = rate,
            Box = writer.ToArray(),
        };
    }

    static (string? Codec, int Start, int Length) FindConfiguration(BoxType type, ReadOnlySpan<byte> boxes)
    {
        var children = new BoxCursor(boxes);
        while (children.MoveNext())
        {
            if (CodecString.ForAudio(type, children.Type, children.Payload) is { } codec)
                return (codec, children.Start, (int)children.Header.SizeBytes);
            if (children.Type != BoxType.Wave)
                continue;
            var inner = new BoxCursor(children.Payload);
            while (inner.MoveNext())
            {
                if (CodecString.ForAudio(type, inner.Type, inner.Payload) is { } told)
                    return (told, children.PayloadStart + inner.Start, (int)inner.Header.SizeBytes);
            }
        }

        return default;
    }

    // The pixels' shape, and what light the values stand for. Browsers do not know QuickTime's 'nclc'. What they assume without it, or read
    // from the codec, is nearly always the same.
    static bool IsForScreens(in BoxCursor box) =>
        box.Type == BoxType.Pasp || (box.Type == BoxType.Colr && box.Payload.StartsWith("nclx"u8)) || LightBoxes.Contains(box.Type);
}
