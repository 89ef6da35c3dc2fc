using System.Numerics;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Codecs;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>What colours a sample entry tells: the colr box, and the configurations of codecs where there is none.</summary>
public sealed class VideoColourTests
{
    static readonly byte[] Fields = new byte[78];
    static readonly VideoColour Bt709 = new(1, 1, 1);
    static readonly VideoColour Pq = new(9, 16, 9);
    static readonly VideoColour Hlg = new(9, 18, 9);

    [Theory]
    [InlineData(9, 16, 9, "PQ")]
    [InlineData(9, 18, 9, "HLG")]
    [InlineData(1, 1, 1, null)]
    [InlineData(9, 14, 9, null)]
    [InlineData(2, 16, 2, "PQ")]
    [InlineData(255, 255, 0, null)]
    public void A_colr_box_tells_its_code_points(int primaries, int transfer, int matrix, string? range)
    {
        var colour = VideoColour.Of(Entry(Nclx(primaries, transfer, matrix)));

        Assert.Equal(new VideoColour(primaries, transfer, matrix), colour);
        Assert.Equal(range, colour!.HighRange);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_range_of_the_values_is_told_too(bool isFull)
    {
        var range = (byte)(isFull ? 0xFF : 0x7F);

        Assert.Equal(isFull, VideoColour.Of(Entry(Source.Box("colr", "nclx", Code(9), Code(16), Code(9), new[] { range })))!.IsFullRange);
        Assert.Equal(
            isFull,
            VideoColour
                .Of(Entry(Source.Box("vpcC", 0x1000000, new byte[] { 2, 31, (byte)(isFull ? 0xA3 : 0xA2), 9, 16, 9, 0, 0 })))!
                .IsFullRange
        );
    }

    [Theory]
    [InlineData(9, 16, 9, "vp09.02.31.10.01.09.16.09.00")]
    [InlineData(9, 18, 9, "vp09.02.31.10.01.09.18.09.00")]
    [InlineData(1, 1, 1, "vp09.02.31.10")]
    [InlineData(9, 14, 9, "vp09.02.31.10")]
    [InlineData(2, 2, 2, "vp09.02.31.10")]
    public void The_codec_is_named_with_its_colours_where_browsers_would_take_it_for_SDR(
        int primaries,
        int transfer,
        int matrix,
        string codec
    ) =>
        Assert.Equal(
            codec,
            SampleEntry.Read([.. new byte[8], .. Entry(Vp9(2, 2, 2), Nclx(primaries, transfer, matrix))], isVideo: true)!.Codec
        );

    [Fact]
    public void What_is_not_told_is_not_known()
    {
        Assert.Null(VideoColour.Of(Entry()));
        Assert.Null(VideoColour.Of(Entry(Nclx(2, 2, 2))));
        Assert.Null(VideoColour.Of(Entry(Vp9(2, 2, 2))));
        Assert.Null(VideoColour.Of(Entry(Nclx(256, 65535, 65535))));
        Assert.Equal(new VideoColour(2, 16, 2), VideoColour.Of(Entry(Nclx(65535, 16, 256))));
        Assert.Null(VideoColour.Of(Entry(Source.Box("colr", "nclc", Code(9), Code(16), Code(9)))));
        Assert.Null(VideoColour.Of(Entry(Source.Box("colr", "prof", new byte[500]))));
        Assert.Null(VideoColour.Of(Source.Box("vp09", new byte[20])));
        Assert.Null(VideoColour.Of([]));
    }

    [Fact]
    public void The_colr_box_goes_before_the_codec_and_the_codec_tells_what_it_leaves_open()
    {
        Assert.Equal(Bt709, VideoColour.Of(Entry(Vp9(9, 16, 9), Nclx(1, 1, 1))));
        Assert.Equal(Pq, VideoColour.Of(Entry(Vp9(9, 16, 9), Nclx(2, 2, 2))));
        Assert.Equal(new VideoColour(9, 18, 9), VideoColour.Of(Entry(Nclx(2, 18, 2), Vp9(9, 16, 9))));
    }

    [Fact]
    public void Boxes_that_end_too_early_tell_nothing()
    {
        foreach (
            var (name, payload, needed) in (ReadOnlySpan<(string, byte[], int)>)
                [("colr", Nclx(9, 16, 9)[8..], 11), ("vpcC", Vp9(9, 16, 9)[8..], 10)]
        )
        {
            for (var length = 0; length <= payload.Length; length++)
                Assert.Equal(length < needed ? null : Pq, VideoColour.Of(Entry(Source.Box(name, payload[..length]))));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hdr-pq.mp4", "hvcC", 16)]
    [InlineData("hdr-hlg.mov", "hvcC", 18)]
    [InlineData("hdr-av1.mp4", "av1C", 16)]
    [InlineData("hdr-vp9.mp4", "vpcC", 16)]
    public async Task Every_codec_tells_by_itself_and_what_is_cut_short_or_damaged_tells_nothing_or_something(
        string clip,
        string box,
        int transfer
    )
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));
        var entry = (await source.IndexAsync()).Tracks[0].SampleEntry;
        var configuration = Find(entry, box);
        var expected = new VideoColour(9, transfer, 9);

        Assert.Equal(expected, VideoColour.Of(Entry(Source.Box(box, configuration))));
        // Whatever is left of it: no colours but the right ones, for what is not there is not guessed.
        var told = false;
        for (var length = 0; length < configuration.Length; length++)
        {
            var colour = VideoColour.Of(Entry(Source.Box(box, configuration[..length])));
            if (colour is not null)
                Assert.Equal(expected, colour);
            Assert.True(colour is not null || !told);
            told = colour is not null;
        }

        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = configuration.ToArray();
            for (var hit = random.Next(1, 5); hit > 0; hit--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _ = VideoColour.Of(Entry(Source.Box(box, damaged)));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("scaling-list=default:no-amp=1:sar=7:overscan=show")]
    [InlineData("temporal-layers=1:bframes=3:b-pyramid=1:ref=5")]
    [InlineData("sar=13:range=full:videoformat=pal:no-sao=1")]
    [InlineData("ctu=16:min-cu-size=8:tu-inter-depth=3:no-strong-intra-smoothing=1:hrd=1:vbv-maxrate=500:vbv-bufsize=500")]
    public async Task The_options_of_an_encoder_do_not_hide_the_colour(string options)
    {
        var path = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-v error -f lavfi -i testsrc2=size=136x72:rate=10:duration=1 -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast "
                + "-x265-params "
                + $"log-level=error:pools=1:{options}:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc -tag:v hvc1 {path}"
        );
        using var source = new Source(path);

        Assert.Equal(
            Hlg with
            {
                IsFullRange = options.Contains("full", StringComparison.Ordinal),
            },
            (await source.IndexAsync()).Tracks[0].Colour
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sequence_parameter_set_with_everything_in_it_is_read_to_its_colour(bool isTold)
    {
        var configuration = Hevc(Sequence(references: 16, longTerm: 32, isTold));

        Assert.Equal(isTold ? Pq : null, VideoColour.Of(Entry(configuration)));
    }

    [Theory]
    [InlineData(17, 0)]
    [InlineData(100_000, 0)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(0, 33)]
    [InlineData(0, int.MaxValue)]
    public void A_sequence_parameter_set_that_claims_more_than_there_may_be_tells_nothing(int references, int longTerm) =>
        Assert.Null(VideoColour.Of(Entry(Hevc(Sequence(references, longTerm, isTold: true)))));

    [Fact]
    public void Lengths_and_counts_in_a_configuration_that_lead_out_of_it_tell_nothing()
    {
        var set = Sequence(references: 1, longTerm: 1, isTold: true);
        foreach (var length in (int[])[0, 1, set.Length / 2, ushort.MaxValue])
            Assert.Null(VideoColour.Of(Entry(Hevc(set, length))));
        Assert.Null(VideoColour.Of(Entry(Source.Box("hvcC", new byte[22], new byte[] { 255 }))));
        Assert.Null(VideoColour.Of(Entry(Source.Box("hvcC", new byte[22], new byte[] { 255, 33, 255, 255, 255, 255 }))));
        // A unit of AV1 with a size that never ends, one of no bytes, and a header of all ones.
        Assert.Null(VideoColour.Of(Entry(Source.Box("av1C", new byte[4], new byte[] { 0x0A, 255, 255, 255, 255, 255, 255, 255, 255 }))));
        Assert.Null(VideoColour.Of(Entry(Source.Box("av1C", new byte[4], new byte[] { 0x0A, 0 }))));
        Assert.Null(VideoColour.Of(Entry(Source.Box("av1C", new byte[4], new byte[] { 0x0A, 3, 255, 255, 255 }))));
    }

    [Fact]
    public void Init_segments_keep_what_tells_how_bright_it_gets()
    {
        byte[][] kept =
        [
            Vp9(9, 16, 9),
            Nclx(9, 16, 9),
            Source.Box("mdcv", new byte[24]),
            Source.Box("clli", new byte[4]),
            Source.Box("SmDm", new byte[28]),
            Source.Box("CoLL", new byte[8]),
        ];

        var entry = SampleEntry.Read([.. new byte[8], .. Entry([.. kept, Source.Box("fiel", new byte[2])])], isVideo: true)!;

        Assert.Equal(Entry(kept)[86..], entry.Box[86..]);
    }

    static byte[] Entry(params byte[][] boxes) => Source.Box("vp09", [Fields, .. boxes]);

    static byte[] Nclx(int primaries, int transfer, int matrix) =>
        Source.Box("colr", "nclx", Code(primaries), Code(transfer), Code(matrix), new byte[1]);

    static byte[] Vp9(int primaries, int transfer, int matrix) =>
        Source.Box("vpcC", 0x1000000, new byte[] { 2, 31, 0xA2, (byte)primaries, (byte)transfer, (byte)matrix, 0, 0 });

    static byte[] Code(int value) => [(byte)(value >> 8), (byte)value];

    /// <summary>An hvcC with other parameter sets before this one.</summary>
    static byte[] Hevc(byte[] set, int? length = null) =>
        Source.Box("hvcC", new byte[22], new byte[] { 2, 32, 0, 1, 0, 3, 1, 2, 3, 33, 0, 1 }, Code(length ?? set.Length), set);

    /// <summary>A sequence parameter set with every optional part (ITU-T H.265 §7.3.2.2), with start codes escaped.</summary>
    static byte[] Sequence(int references, int longTerm, bool isTold)
    {
        const int subLayers = 2,
            orderBits = 8;
        var bits = new BitRow();
        bits.Add(0x4201, 16).Add(0, 4).Add(subLayers, 3).Add(1, 1);
        // Zeros between, so that there is something to escape.
        bits.Add(2, 8).Add(0, 32).Add(0, 48).Add(120, 8);
        bits.Add(0b11_01, 4).Add(0, 2 * (8 - subLayers)).Add(0, 32).Add(0, 32).Add(0, 24).Add(90, 8).Add(60, 8);
        bits.Number(0).Number(3).Add(0, 1).Number(1919).Number(1079).Add(1, 1).Number(0).Number(5).Number(0).Number(4);
        bits.Number(2).Number(2).Number(orderBits - 4).Add(1, 1);
        for (var i = 0; i < 3 * (subLayers + 1); i++)
            bits.Number(i);
        for (var i = 0; i < 6; i++)
            bits.Number(i);
        // Scaling lists: by turns as another one, and told.
        bits.Add(1, 1).Add(1, 1);
        foreach (var (lists, numbers) in ((int, int)[])[(6, 16), (6, 64), (6, 65), (2, 65)])
        {
            for (var list = 0; list < lists; list++)
            {
                bits.Add(list % 2, 1);
                for (var i = 0; i < (list % 2 == 0 ? 1 : numbers); i++)
                    bits.Number(i);
            }
        }

        bits.Add(0b11, 2).Add(1, 1).Add(0x77, 8).Number(0).Number(2).Add(1, 1);
        // Three sets of pictures to refer to: told; by all pictures of that one, of which half are left; by those and itself.
        bits.Number(3).Number(references).Number(0);
        for (var i = 0; i < Math.Min(references, 16); i++)
            bits.Number(i).Add(i % 2, 1);
        bits.Add(1, 1).Add(1, 1).Number(0);
        for (var i = 0; i <= Math.Min(references, 16); i++)
            bits.Add(i % 2 == 0 ? 0b00 : 0b1, i % 2 == 0 ? 2 : 1);
        bits.Add(1, 1).Add(0, 1).Number(7);
        for (var i = 0; i <= Math.Min(references + 1, 17) / 2; i++)
            bits.Add(0b01, 2);
        bits.Add(longTerm > 0 ? 1 : 0, 1);
        if (longTerm > 0)
            bits.Number(longTerm);
        for (var i = 0; i < Math.Min(longTerm, 32); i++)
            bits.Add(i, orderBits).Add(i % 2, 1);
        bits.Add(0b10, 2);
        // Usability: a shape of its own, overscan, and the signal's type.
        bits.Add(1, 1).Add(1, 1).Add(255, 8).Add(64, 16).Add(45, 16).Add(1, 1).Add(1, 1);
        bits.Add(1, 1).Add(5, 3).Add(0, 1).Add(isTold ? 1 : 0, 1);
        if (isTold)
            bits.Add(9, 8).Add(16, 8).Add(9, 8);
        return bits.Add(0, 200).Escaped();
    }

    static byte[] Find(byte[] entry, string box)
    {
        var children = new BoxCursor(entry.AsSpan(8 + Fields.Length));
        while (children.MoveNext())
        {
            if (children.Type.ToString() == box)
                return children.Payload.ToArray();
        }

        throw new ArgumentException($"There is no {box}.", nameof(box));
    }

    /// <summary>Bits one behind the other.</summary>
    sealed class BitRow
    {
        readonly List<bool> _bits = [];

        public BitRow Add(int value, int count)
        {
            for (var i = count - 1; i >= 0; i--)
                _bits.Add(i < 32 && ((value >> i) & 1) == 1);
            return this;
        }

        /// <summary>By Exp-Golomb (§9.2).</summary>
        public BitRow Number(int value)
        {
            var length = 64 - BitOperations.LeadingZeroCount((ulong)value + 1);
            Add(0, length - 1);
            for (var i = length - 1; i >= 0; i--)
                _bits.Add((((ulong)value + 1) >> i & 1) == 1);
            return this;
        }

        public byte[] Escaped()
        {
            var bytes = new List<byte>();
            var zeros = 0;
            foreach (var chunk in _bits.Chunk(8))
            {
                var value = (byte)chunk.Select((bit, i) => bit ? 0x80 >> i : 0).Sum();
                if (zeros >= 2 && value <= 3)
                {
                    bytes.Add(3);
                    zeros = 0;
                }

                bytes.Add(value);
                zeros = value == 0 ? zeros + 1 : 0;
            }

            return [.. bytes];
        }
    }
}
