using System.Buffers.Binary;
using TgVault.Core.Mp4.Movie;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>Tables that name the same bytes again and again are refused before anybody copies or decodes all that they claim.</summary>
public sealed class SampleClaimsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("second.mp4")]
    [InlineData("h264-bframes.mp4")]
    [InlineData("mov.mov")]
    [InlineData("second-fragmented.mp4")]
    [InlineData("fragmented.mp4")]
    public async Task What_cameras_and_editors_write_is_taken(string clip) =>
        await CheckAsync(await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip)));

    [Fact(Timeout = 60_000)]
    public async Task Every_chunk_at_the_same_place_as_often_as_there_is_room_is_refused()
    {
        // One chunk of 4,000 bytes, a hundred thousand times: 400 KB of table, 400 MB of sound.
        const int chunks = 100_000,
            frame = 400;
        var file = Sound([
            Source.Box("stsz", 0, frame, chunks * 10),
            Source.Box("stsc", 0, 1, 1, 10, 1),
            Source.Box("stco", 0, chunks, Enumerable.Repeat(0x40, chunks).SelectMany(offset => Source.Bytes(offset)).ToArray()),
        ]);

        var exception = await Assert.ThrowsAsync<MediaException>(() => CheckAsync(file));

        Assert.StartsWith("The MP4 names the same bytes again and again", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task So_are_sizes_of_their_own()
    {
        const int samples = 50_000;
        var file = Sound([
            Source.Box("stsz", 0, 0, samples, Enumerable.Repeat(5000, samples).SelectMany(size => Source.Bytes(size)).ToArray()),
            Source.Box("stsc", 0, 1, 1, 1, 1),
            Source.Box("stco", 0, samples, Enumerable.Repeat(0x40, samples).SelectMany(offset => Source.Bytes(offset)).ToArray()),
        ]);

        await Assert.ThrowsAsync<MediaException>(() => CheckAsync(file));
    }

    [Fact(Timeout = 60_000)]
    public async Task And_fragments_over_the_same_media()
    {
        var bytes = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second-fragmented.mp4"));
        var trun = bytes.AsSpan().IndexOf(Source.Bytes("trun"));
        // Its sizes are a run's own: four bytes each behind flags, count and offset.
        Assert.Equal(2, bytes[trun + 6] & 2);
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(trun + 16 + (4 * i)), int.MaxValue);

        await Assert.ThrowsAsync<MediaException>(() => CheckAsync(bytes));
    }

    [Theory(Timeout = 60_000)]
    // A count that no chunk has samples for, one that the file ends before, and chunks behind it: a file without its end.
    [InlineData(10, 0x40)]
    [InlineData(int.MaxValue, 0x40)]
    [InlineData(1000, 1_000_000)]
    public async Task What_nobody_can_read_is_no_claim(int samplesPerChunk, int offset)
    {
        var file = Sound([
            Source.Box("stsz", 0, 1000, int.MaxValue),
            Source.Box("stsc", 0, 1, 1, samplesPerChunk, 1),
            Source.Box("stco", 0, 3, offset, offset, offset),
        ]);

        await CheckAsync(file);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Damage_is_for_others_to_tell(int seed)
    {
        var original = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(seed == 1 ? "second.mp4" : "second-fragmented.mp4"));
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var bytes = original.ToArray();
            for (var change = 0; change < 8; change++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                await CheckAsync(bytes);
            }
            catch (MediaException)
            {
                // Nothing else may come out.
            }
        }
    }

    static async Task CheckAsync(byte[] bytes)
    {
        var source = new Source(bytes);
        var head = await source.HeadAsync();
        SampleClaims.Check(head.MoovPayload, bytes.Length);
        await SampleClaims.CheckAsync(head, source.ReadAsync, CancellationToken.None);
    }

    // Only what is read of one.
    static byte[] Sound(byte[][] tables) =>
        [
            .. Source.Box("ftyp", "isom", 0),
            .. Source.Box("mdat", new byte[8000]),
            .. Source.Box(
                "moov",
                Source.Box("trak", Source.Box("mdia", Source.Box("minf", Source.Box("stbl", [.. tables.Select(table => (object)table)]))))
            ),
        ];
}
