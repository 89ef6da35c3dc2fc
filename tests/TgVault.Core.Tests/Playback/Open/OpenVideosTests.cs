using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Playback.Open;

public sealed class OpenVideosTests
{
    const int Block = SealedChunk.BlockBytes;

    [Theory(Timeout = 30000)]
    [InlineData(0)]
    [InlineData(Block - 1)]
    [InlineData(3 * SealedChunk.SealedBlockBytes)]
    [InlineData(3 * SealedChunk.SealedBlockBytes + Block)]
    public async Task A_flipped_bit_gives_an_error_that_names_the_place_and_no_byte(int flipped)
    {
        using var parts = await PlaybackParts.CreateAsync();
        parts.Video.Damage = (read, bytes) =>
        {
            if (read.Chunk == 1)
                bytes.Span[flipped] ^= 4;
        };
        await using var stream = await parts.OpenAsync();
        stream.Position = 17 * Block;
        var destination = new byte[17 * Block];

        var exception = await Assert.ThrowsAsync<IntegrityException>(() => stream.ReadAsync(destination).AsTask());

        Assert.All(destination, b => Assert.Equal(0, b));
        var offset = (17 + (flipped / SealedChunk.SealedBlockBytes)) * Block;
        Assert.StartsWith($"Video {parts.Video.Row.Id}, chunk 1, offset {offset}: ", exception.Message, StringComparison.Ordinal);
        parts.Video.Damage = (_, _) => { };
        Assert.Equal(parts.Video.Plain(17 * Block, 9), await PlaybackParts.ReadAsync(stream, 9));
    }

    [Fact(Timeout = 30000)]
    public async Task What_was_damaged_on_its_way_opens_at_the_second_look_and_there_is_no_third()
    {
        using var parts = await PlaybackParts.CreateAsync();
        var reads = 0;
        parts.Video.Damage = (_, bytes) => bytes.Span[0] ^= (byte)(reads++ == 0 ? 1 : 0);

        Assert.Equal(parts.Video.Plain(0, 9), await parts.ReadAsync(0, 9));
        parts.Video.Damage = (_, bytes) =>
        {
            reads++;
            bytes.Span[0] ^= 1;
        };
        reads = 0;
        await Assert.ThrowsAsync<IntegrityException>(() => parts.ReadAsync(17 * Block, 1));

        Assert.Equal(2, reads);
    }

    [Theory(Timeout = 30000)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task A_chunk_in_the_place_of_another_does_not_open(int asked, int given)
    {
        using var parts = await PlaybackParts.CreateAsync();
        await parts.RecordAsync(parts.Video.Record(given) with { Number = new ChunkNumber(asked) });

        await Assert.ThrowsAsync<IntegrityException>(() => parts.ReadAsync(parts.Video.Plan[asked].Offset, 1));
    }

    [Fact(Timeout = 30000)]
    public async Task A_record_that_does_not_fit_the_plan_is_refused_before_anything_is_fetched()
    {
        using var parts = await PlaybackParts.CreateAsync();
        var good = parts.Video.Record(0);
        foreach (
            var bad in new[]
            {
                good with
                {
                    LengthBytes = good.LengthBytes - 1,
                },
                good with
                {
                    Salt = new byte[31],
                },
                good with
                {
                    Receipt = good.Receipt with { SealedLengthBytes = good.Receipt.SealedLengthBytes + 1 },
                },
            }
        )
        {
            await parts.RecordAsync(bad);
            using var reader = parts.NewReader(parts.Video);
            await using var stream = await reader.OpenAsync(parts.Video.Row.Id, CancellationToken.None);

            await Assert.ThrowsAsync<IntegrityException>(() => stream!.ReadAsync(new byte[1]).AsTask());
        }

        Assert.Empty(parts.Video.Reads);
    }

    [Fact(Timeout = 30000)]
    public async Task A_chunk_without_a_record_is_an_error_that_names_it()
    {
        using var parts = await PlaybackParts.CreateAsync();
        await parts.ForgetChunksAsync();

        var exception = await Assert.ThrowsAsync<IntegrityException>(() => parts.ReadAsync(17 * Block, 1));

        Assert.Contains("chunk 1", exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> ForgedRows() => ["length", "plan", "attempt", "no key", "key version"];

    [Theory(Timeout = 30000)]
    [MemberData(nameof(ForgedRows))]
    public async Task A_row_whose_parts_do_not_belong_together_does_not_open(string what)
    {
        using var parts = await PlaybackParts.CreateAsync();
        var row = await parts.Rows.FindAsync(parts.Video.Row.Id, CancellationToken.None);
        var shorter = ChunkPlan.FromRuns([new ChunkRun(2, 17 * Block)]);
        await parts.Rows.TryReplaceAsync(
            what switch
            {
                "length" => row! with
                {
                    Files = row!.Files with { Prepared = row.Files.Prepared! with { LengthBytes = shorter.LengthBytes } },
                },
                "plan" => row! with
                {
                    Files = row!.Files with { Plan = shorter, Prepared = row.Files.Prepared! with { LengthBytes = shorter.LengthBytes } },
                },
                "attempt" => row! with { Life = row!.Life.With(attempt: 2) },
                "no key" => row! with { Files = row!.Files with { Key = null } },
                _ => row! with { Files = row!.Files with { Key = row.Files.Key! with { VaultKeyVersion = 7 } } },
            },
            CancellationToken.None
        );

        await Assert.ThrowsAsync<IntegrityException>(() => parts.OpenAsync());
    }

    [Theory(Timeout = 30000)]
    [InlineData(VideoStatus.Waiting)]
    [InlineData(VideoStatus.Ingesting)]
    [InlineData(VideoStatus.Failed)]
    [InlineData(VideoStatus.Deleting)]
    [InlineData(VideoStatus.Trashed)]
    public async Task Only_a_ready_video_opens(VideoStatus status)
    {
        using var parts = await PlaybackParts.CreateAsync();
        await parts.Rows.ChangeAsync(parts.Video.Row.Id, row => row with { Life = row.Life.With(status: status) }, CancellationToken.None);

        Assert.Null(await parts.Reader.OpenAsync(parts.Video.Row.Id, CancellationToken.None));
        Assert.Equal(status, (await parts.Reader.FindAsync(parts.Video.Row.Id, CancellationToken.None))!.Life.Status);
    }

    [Fact(Timeout = 30000)]
    public async Task A_removed_video_stops_playing_even_from_memory()
    {
        using var parts = await PlaybackParts.CreateAsync();
        await parts.ReadAsync(0, (int)PlaybackParts.Plan.LengthBytes);
        await using var stream = await parts.OpenAsync();
        await PlaybackParts.ReadAsync(stream, 10);
        await parts.Rows.ChangeAsync(
            parts.Video.Row.Id,
            row => row with { Life = row.Life.With(status: VideoStatus.Deleting) },
            CancellationToken.None
        );

        parts.Time.Advance(OpenVideos.RowLifetime);
        stream.Position = PlaySpan.MaxBytes;

        await Assert.ThrowsAsync<VaultException>(() => stream.ReadAsync(new byte[1]).AsTask());
        Assert.Null(await parts.Reader.OpenAsync(parts.Video.Row.Id, CancellationToken.None));
    }

    [Fact(Timeout = 30000)]
    public async Task A_renamed_video_plays_on_and_shows_its_new_name()
    {
        using var parts = await PlaybackParts.CreateAsync();
        await using var stream = await parts.OpenAsync();
        await parts.Rows.ChangeAsync(
            parts.Video.Row.Id,
            row => row with { Details = row.Details with { Name = "new.mp4" } },
            CancellationToken.None
        );

        parts.Time.Advance(OpenVideos.RowLifetime);

        Assert.Equal(parts.Video.Plain(0, 10), await PlaybackParts.ReadAsync(stream, 10));
        Assert.Equal("new.mp4", (await parts.Reader.FindAsync(parts.Video.Row.Id, CancellationToken.None))!.Details.Name);
    }

    [Fact(Timeout = 30000)]
    public async Task A_stream_plays_on_when_its_file_gave_way_to_others()
    {
        using var parts = await PlaybackParts.CreateAsync();
        await using var stream = await parts.OpenAsync();
        var others = new List<SyntheticVideo>();
        for (var i = 0; i < 300; i++)
        {
            others.Add(await SyntheticVideo.AddAsync(parts.Rows, parts.Keys.Current, ChunkPlan.FromRuns([new ChunkRun(1, 1000)])));
            await using var other = await parts.Reader.OpenAsync(others[i].Row, CancellationToken.None);
            Assert.NotNull(other);
        }

        Assert.Equal(parts.Video.Plain(0, 10), await PlaybackParts.ReadAsync(stream, 10));
        Assert.Equal(parts.Video.Plain(50, 10), await parts.ReadAsync(50, 10));
        others.ForEach(other => other.Dispose());
    }

    [Fact(Timeout = 30000)]
    public async Task Many_requests_for_one_video_read_its_row_once_in_a_while()
    {
        using var parts = await PlaybackParts.CreateAsync();

        for (var i = 0; i < 20; i++)
            await parts.ReadAsync(i * 1000, 1000);
        Assert.Equal(1, parts.Rows.RowsRead);
        parts.Time.Advance(OpenVideos.RowLifetime);
        await parts.ReadAsync(0, 10);

        Assert.Equal(2, parts.Rows.RowsRead);
        Assert.Equal(1, parts.Rows.PagesRead);
    }
}
