using System.Buffers.Binary;
using System.Text;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Relocation;
using TgVault.Testing;
using static TgVault.Core.Tests.Mp4.Source;

namespace TgVault.Core.Tests.Mp4;

public sealed class MoovRelocationTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("h264-aac.mp4")]
    [InlineData("h264-bframes.mp4")]
    [InlineData("mov.mov")]
    [InlineData("mov-aac.mov")]
    [InlineData("tracks.mp4")]
    public async Task A_relocated_file_is_faststart_and_shows_the_same_frames_at_the_same_times(string clip)
    {
        var original = await Mp4Clips.PathAsync(clip);
        using var source = new Source(original);

        var relocation = await source.RelocateAsync();

        var relocated = await WriteAsync(source, relocation, Path.GetExtension(clip));
        Assert.Equal(await Mp4Clips.FramesAsync(original), await Mp4Clips.FramesAsync(relocated));
        Assert.Equal(await Mp4Clips.PacketsAsync(original), await Mp4Clips.PacketsAsync(relocated));
        Assert.Equal(await Mp4Clips.DurationAsync(original), await Mp4Clips.DurationAsync(relocated));
        using var result = new Source(relocated);
        Assert.Equal(["ftyp", "moov", "mdat"], (await result.LayoutAsync()).Boxes.Select(box => box.Type.ToString()));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hev1.mp4")]
    [InlineData("hev1-faststart.mp4")]
    public async Task HEVC_called_hev1_comes_out_as_hvc1_with_the_same_frames(string clip)
    {
        var original = await Mp4Clips.PathAsync(clip);
        using var source = new Source(original);

        var relocated = await WriteAsync(source, await source.RelocateAsync(), ".mp4");

        Assert.Equal(
            "hvc1",
            (
                await Mp4Clips.RunAsync(
                    "ffprobe",
                    $"-v error -select_streams v -show_entries stream=codec_tag_string -of csv=p=0 {relocated}"
                )
            ).Trim()
        );
        Assert.Equal(await Mp4Clips.FramesAsync(original), await Mp4Clips.FramesAsync(relocated));
        Assert.Equal(await Mp4Clips.PacketsAsync(original), await Mp4Clips.PacketsAsync(relocated));
        using var result = new Source(relocated);
        Assert.StartsWith("hvc1.1.6.L", (await result.IndexAsync()).Tracks[0].Codec, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hev1", 0)] // no parameter sets in the sample entry
    [InlineData("hev1", 2)] // one kind is missing
    [InlineData("dvhe", null)]
    public async Task HEVC_that_cannot_be_called_hvc1_is_refused(string name, int? arrays)
    {
        const int arraysOffset = 22;
        var bytes = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("hev1.mp4"));
        var entry = bytes.AsSpan().IndexOf("hev1"u8);
        Encoding.ASCII.GetBytes(name, bytes.AsSpan(entry));
        var configuration = bytes.AsSpan().IndexOf("hvcC"u8) + 4;
        if (arrays is { } count)
            bytes[configuration + arraysOffset] = (byte)count;
        using var source = new Source(bytes);

        var exception = await Assert.ThrowsAsync<MediaException>(source.RelocateAsync);

        Assert.Contains($"called {name} and cannot be called hvc1", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_agrees_with_ffmpegs_own_second_pass()
    {
        var original = await Mp4Clips.PathAsync("h264-bframes.mp4");
        var reference = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync("ffmpeg", $"-loglevel error -i {original} -c copy -movflags +faststart {reference}");
        using var source = new Source(original);

        var relocated = await WriteAsync(source, await source.RelocateAsync(), ".mp4");

        Assert.Equal(await Mp4Clips.FramesAsync(reference), await Mp4Clips.FramesAsync(relocated));
        Assert.Equal(await Mp4Clips.DurationAsync(reference), await Mp4Clips.DurationAsync(relocated));
    }

    [Fact(Timeout = 60_000)]
    public async Task Offsets_that_outgrow_32_bits_get_64_in_a_file_of_over_4_GiB()
    {
        var clip = await Mp4Clips.PathAsync("tracks.mp4");
        var sparse = await StretchAsync(clip);
        using var source = new Source(sparse);

        var relocation = await source.RelocateAsync();

        Assert.InRange(relocation.LengthBytes, (1L << 32) + 1, long.MaxValue);
        var relocated = Mp4Clips.NewPath(".mp4");
        await WriteSparseAsync(relocated, relocation, clip);
        Assert.Equal(await Mp4Clips.FramesAsync(clip), await Mp4Clips.FramesAsync(relocated));
        Assert.Contains("co64", Encoding.Latin1.GetString(relocation.Head), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_table_that_grows_may_push_others_over_the_limit(int tables)
    {
        // Table i has one entry, placed so that it stays below 2^32 until exactly i tables have grown.
        var head = RelocatedHeadBytes(4);
        var offsets = Enumerable.Range(0, 4).Select(i => i < tables ? (1L << 32) - head - (4 * i) : 4096L).ToArray();
        var relocation = await RelocateSyntheticAsync(offsets);

        var moov = Encoding.Latin1.GetString(relocation.Head);

        Assert.Equal(tables, Count(moov, "co64"));
        Assert.Equal(4 - tables, Count(moov, "stco"));
        Assert.Equal(offsets.Select(offset => offset + relocation.Head.Length), ReadOffsets(relocation.Head));
    }

    [Fact(Timeout = 30_000)]
    public async Task Junk_between_several_mdats_is_dropped_and_every_chunk_still_points_at_its_bytes()
    {
        byte[] first = [.. Bytes("first"), .. new byte[50]],
            third = Bytes("third");
        byte[] big = [.. Bytes(1), .. Bytes("mdat"), .. Bytes(16L + 6), .. Bytes("second")];
        byte[] body =
        [
            .. Box("ftyp", "isom", 0),
            .. Box("wide"),
            .. Box("mdat", first),
            .. Box("free", new byte[99]),
            .. big,
            .. Box("uuid", new byte[40]),
            .. Box("mdat", third),
        ];
        long At(string text) => Encoding.Latin1.GetString(body).IndexOf(text, StringComparison.Ordinal);
        byte[] file = [.. body, .. Box("skip"), .. Moov(Trak(Stco(At("second"), At("first"))), Trak(Co64(At("third"), At("second") + 3)))];
        var source = new Source(file);

        var relocation = await source.RelocateAsync();

        var result = Assemble(source, relocation);
        Assert.Equal(relocation.LengthBytes, result.Length);
        Assert.Equal(
            ["second", "first", "third", "ond"],
            ReadOffsets(relocation.Head).Zip([6, 5, 5, 3], (offset, length) => Encoding.Latin1.GetString(result, (int)offset, length))
        );
        Assert.Equal(
            ["ftyp", "moov", "mdat", "mdat", "mdat"],
            (await new Source(result).LayoutAsync()).Boxes.Select(box => box.Type.ToString())
        );
    }

    [Fact(Timeout = 30_000)]
    public async Task A_moov_between_two_mdats_moves_and_a_last_mdat_without_size_stays_last()
    {
        byte[] moov = Moov(Trak(Stco(16, 16 + 4 + MoovBytes(2) + 8)));
        byte[] file = [.. Box("free"), .. Box("mdat", "abcd"), .. moov, .. Bytes(0), .. Bytes("mdat"), .. Bytes("efgh")];
        var source = new Source(file);

        var relocation = await source.RelocateAsync();

        var result = Assemble(source, relocation);
        Assert.Equal(["abcd", "efgh"], ReadOffsets(relocation.Head).Select(offset => Encoding.Latin1.GetString(result, (int)offset, 4)));
        Assert.Equal("ftypqt  ", Encoding.Latin1.GetString(result, 4, 8));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_moov_that_ran_to_the_end_of_the_file_gets_its_size()
    {
        byte[] file = [.. Box("mdat", "abcd"), .. Moov(Trak(Stco(8)))];
        file.AsSpan(12, 4).Clear();
        var source = new Source(file);

        var result = Assemble(source, await source.RelocateAsync());

        Assert.Equal(["ftyp", "moov", "mdat"], (await new Source(result).LayoutAsync()).Boxes.Select(box => box.Type.ToString()));
    }

    public static TheoryData<string, byte[]> Refused =>
        new()
        {
            { "no tracks", Moov() },
            { "compressed", Box("moov", Box("cmov", Box("dcom", "zlib"))) },
            { "where no media", Moov(Trak(Stco(7))) },
            { "where no media", Moov(Trak(Stco(16, 4000))) },
            { "where no media", Moov(Trak(Co64(-1))) },
            { "where no media", Moov(Trak(Co64(long.MaxValue))) },
            { "where no media", Moov(Trak(Stco(-1))) },
            { "another file", Moov(Trak(Stco(16), Box("dinf", Box("dref", 0, 1, Box("url ", 0, "http://a/b\0"))))) },
            { "another file", Moov(Trak(Stco(16), Box("dinf", Box("dref", 0, 1, Box("alis", 0))))) },
            { "encrypted", Moov(Trak([.. Stco(16), .. Box("saio", 0, 1, 16)])) },
            { "more than fit", Moov(Trak(Box("stco", 0, -1, 16))) },
            { "more than fit", Moov(Trak(Box("stco", 0, 0x40000001, 16))) },
            { "more than fit", Moov(Trak(Box("co64", 0, 0x20000001, 16, 16))) },
            { "cut short", Moov(Trak(Box("stco", 0))) },
            { "tracks", Moov([.. Enumerable.Repeat(Box("trak"), MovieBox.MaxTracks + 1)]) },
            { "tables", Moov(Trak([.. Enumerable.Repeat(Stco(16), MovieBox.MaxTracks + 1).SelectMany(box => box)])) },
        };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_moved_safely_is_refused_with_the_reason(string reason, byte[] moov)
    {
        var source = new Source([.. Box("free"), .. Box("mdat", "abcdefgh"), .. moov]);

        var refusal = await Assert.ThrowsAsync<MediaException>(source.RelocateAsync);

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_data_reference_without_flag_and_without_name_is_this_file()
    {
        var source = new Source([
            .. Box("free"),
            .. Box("mdat", "abcd"),
            .. Moov(Trak(Stco(16), Box("dinf", Box("dref", 0, 1, Box("url ", 0))))),
        ]);

        var relocation = await source.RelocateAsync();

        Assert.Equal(new SourceRange(8, 12), Assert.Single(relocation.Media));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_index_over_the_limit_is_refused_before_it_is_read()
    {
        var moov = new TopBox(BoxType.Moov, 24, 8, Mp4Head.MaxMoovBytes + 1L);
        var layout = new Mp4Layout { LengthBytes = moov.End, Boxes = [new TopBox(BoxType.Mdat, 0, 8, 24), moov] };

        await Assert.ThrowsAsync<MediaException>(() =>
            Mp4Head.ReadAsync(layout, (_, _, _) => throw new InvalidOperationException("read"), default)
        );
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fragmented_file_is_refused()
    {
        var source = new Source([.. Moov(Trak(Stco())), .. Box("moof"), .. Box("mdat")]);

        await Assert.ThrowsAsync<MediaException>(source.RelocateAsync);
    }

    static byte[] Stco(params long[] offsets) => Box("stco", [0, offsets.Length, .. offsets.Select(offset => (object)(int)offset)]);

    static byte[] Co64(params long[] offsets) => Box("co64", [0, offsets.Length, .. offsets.Cast<object>()]);

    static byte[] Trak(byte[] tables, params object[] besides) =>
        Box("trak", Box("tkhd"), Box("mdia", Box("minf", [.. besides, Box("stbl", tables)])));

    static byte[] Moov(params byte[][] tracks) => Box("moov", [Box("mvhd"), .. tracks]);

    static int MoovBytes(int offsets) => Moov(Trak(Stco(new long[offsets]))).Length;

    static int RelocatedHeadBytes(int tracks) => 20 + Moov([.. Enumerable.Repeat(Trak(Stco(0)), tracks)]).Length;

    // A source that is nothing but an mdat from byte 0 on, said to be larger than anything, and moov behind it.
    static async Task<MoovRelocation> RelocateSyntheticAsync(long[] offsets)
    {
        var moov = Moov([.. offsets.Select(offset => Trak(Stco(offset)))]);
        var layout = new Mp4Layout
        {
            LengthBytes = (1L << 33) + moov.Length,
            Boxes = [new TopBox(BoxType.Mdat, 0, 16, 1L << 33), new TopBox(BoxType.Moov, 1L << 33, 8, moov.Length)],
        };
        return MoovRelocation.Plan(
            await Mp4Head.ReadAsync(
                layout,
                (_, destination, _) =>
                {
                    moov.CopyTo(destination);
                    return Task.CompletedTask;
                },
                default
            )
        );
    }

    // Walks the new head by its letters alone, so that a wrong size anywhere shows as a wrong offset or an unreadable layout.
    static List<long> ReadOffsets(ReadOnlyMemory<byte> head)
    {
        var offsets = new List<long>();
        var moov = Child(head.Span, "moov", out _);
        for (var rest = moov; !(Child(rest, "trak", out rest) is var trak && trak.IsEmpty); )
        {
            var stbl = Child(Child(Child(trak, "mdia", out _), "minf", out _), "stbl", out _);
            var wide = Child(stbl, "co64", out _);
            var narrow = Child(stbl, "stco", out _);
            for (var i = 8; i < wide.Length; i += 8)
                offsets.Add(BinaryPrimitives.ReadInt64BigEndian(wide[i..]));
            for (var i = 8; i < narrow.Length; i += 4)
                offsets.Add(BinaryPrimitives.ReadUInt32BigEndian(narrow[i..]));
        }

        return offsets;
    }

    static ReadOnlySpan<byte> Child(ReadOnlySpan<byte> boxes, string type, out ReadOnlySpan<byte> rest)
    {
        for (rest = boxes; rest.Length >= 8; )
        {
            var box = rest[..BinaryPrimitives.ReadInt32BigEndian(rest)];
            rest = rest[box.Length..];
            if (Encoding.Latin1.GetString(box[4..8]) == type)
                return box[8..];
        }

        return [];
    }

    static int Count(string text, string part) => text.Split(part).Length - 1;

    static byte[] Assemble(Source source, MoovRelocation relocation) => [.. relocation.Head, .. relocation.Media.SelectMany(source.Read)];

    static async Task<string> WriteAsync(Source source, MoovRelocation relocation, string extension)
    {
        var path = Mp4Clips.NewPath(extension);
        await File.WriteAllBytesAsync(path, Assemble(source, relocation));
        return path;
    }

    // The clip with a hole at the start of its mdat, as large as keeps every stco just under 32 bits:
    // moving moov in front pushes some over.
    static async Task<string> StretchAsync(string clip)
    {
        var bytes = await File.ReadAllBytesAsync(clip);
        var layout = await new Source(bytes).LayoutAsync();
        var mdat = layout.Boxes.Single(box => box.Type == BoxType.Mdat);
        var hole = (1L << 32) - mdat.End;
        var path = Mp4Clips.NewPath(".mp4");
        await using var file = File.Create(path);
        await file.WriteAsync(bytes.AsMemory(0, (int)mdat.Offset - 8));
        await file.WriteAsync((byte[])[.. Bytes(1), .. Bytes("mdat"), .. Bytes(mdat.LengthBytes + 8 + hole)]);
        file.Seek(mdat.PayloadOffset + hole, SeekOrigin.Begin);
        await file.WriteAsync(bytes.AsMemory((int)mdat.PayloadOffset, (int)(mdat.LengthBytes - 8)));
        var moov = bytes[(int)layout.Moov.Offset..];
        for (var at = 0; (at = moov.AsSpan().IndexOf("stco"u8)) >= 0; )
        {
            "STCO"u8.CopyTo(moov.AsSpan(at));
            var count = BinaryPrimitives.ReadInt32BigEndian(moov.AsSpan(at + 8));
            for (var i = 0; i < count; i++)
            {
                var entry = moov.AsSpan(at + 12 + (4 * i));
                BinaryPrimitives.WriteUInt32BigEndian(entry, checked((uint)(BinaryPrimitives.ReadUInt32BigEndian(entry) + hole)));
            }
        }

        for (var at = 0; (at = moov.AsSpan().IndexOf("STCO"u8)) >= 0; )
            "stco"u8.CopyTo(moov.AsSpan(at));
        await file.WriteAsync(moov);
        return path;
    }

    // Like the source, the result is a file with a hole: the media of the clip at its very end.
    static async Task WriteSparseAsync(string path, MoovRelocation relocation, string clip)
    {
        var bytes = await File.ReadAllBytesAsync(clip);
        var mdat = (await new Source(bytes).LayoutAsync()).Boxes.Single(box => box.Type == BoxType.Mdat);
        var media = bytes.AsMemory((int)mdat.PayloadOffset, (int)(mdat.LengthBytes - 8));
        await using var file = File.Create(path);
        await file.WriteAsync(relocation.Head);
        await file.WriteAsync((byte[])[.. Bytes(1), .. Bytes("mdat"), .. Bytes(relocation.LengthBytes - relocation.Head.Length)]);
        file.Seek(relocation.LengthBytes - media.Length, SeekOrigin.Begin);
        await file.WriteAsync(media);
    }
}
