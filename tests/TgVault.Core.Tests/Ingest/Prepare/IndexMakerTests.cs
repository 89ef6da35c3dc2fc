using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Settings;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>The index made at ingest and what playback takes from it, over real Azurite and ffmpeg.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class IndexMakerTests(AzuriteFixture azurite)
{
    [Theory(Timeout = 120_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("h264-aac-faststart.mp4")]
    [InlineData("h264-aac.mkv")]
    [InlineData("audio-only.m4a")]
    public async Task A_cold_instance_plays_from_the_stored_index_and_reads_nothing_else_but_the_segment(string clip)
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench, clip);
        var video = await bench.ShowAsync(id);
        var (companion, file) = (Assert.Single(video.Files.Companions), video.FileOf(0)!);
        Assert.Equal((CompanionKind.Index, CompanionState.Stored, 0), (companion.Kind, companion.State, companion.Extents.Length));
        var indexMessages = await MessagesAsync(bench, video.FileOf(companion.Number)!, 0, companion.LengthBytes);

        using var reader = bench.NewReader();
        using var cache = new PackagedVideos(reader, PackagedVideos.DefaultBytes, TimeProvider.System, NullLogger<PackagedVideos>.Instance);
        bench.Store.ForgetReads();
        var packaged = await cache.GetAsync(video, 0, CancellationToken.None);
        MultivariantPlaylist.Write([new VideoEncoding("", packaged)], []);
        MediaPlaylist.Write(packaged.Index, 0);
        InitSegment.Write(packaged.Index, 0);
        Assert.Equal(indexMessages.Order(), bench.Store.Reads.Select(read => read.MessageId).Distinct().Order());
        Assert.InRange(
            bench.Store.BytesRead,
            companion.LengthBytes,
            companion.LengthBytes + (2 * (SealedChunk.BlockBytes + SealedChunk.TagBytes))
        );

        bench.Store.ForgetReads();
        var part = MediaSegment.Find(packaged.Index, 0, 1)!;
        await using var stream = PartStream.Of(part, (await reader.OpenAsync(id, CancellationToken.None))!);
        await stream.CopyToAsync(Stream.Null);
        var wanted = new HashSet<int>();
        foreach (var range in part.Ranges)
            wanted.UnionWith(await MessagesAsync(bench, file, range.Offset, range.LengthBytes));
        Assert.Equal(wanted.Order(), bench.Store.Reads.Select(read => read.MessageId).Distinct().Order());
    }

    [Fact(Timeout = 120_000)]
    public async Task The_stored_index_says_what_one_built_from_the_file_says()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench, "tracks.mp4");
        var plain = await bench.PlayAsync(id);

        var built = await Mp4Index.BuildAsync(
            (offset, destination, _) =>
            {
                plain.AsMemory((int)offset, destination.Length).CopyTo(destination);
                return Task.CompletedTask;
            },
            plain.Length,
            CancellationToken.None
        );

        Assert.Equal(built.Encode(), await ReadAsync(bench, id, 1));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("of a version to come")]
    [InlineData("of the version before")]
    [InlineData("noise")]
    [InlineData("of another file")]
    [InlineData("damaged where it lies")]
    [InlineData("gone")]
    public async Task A_stored_index_that_cannot_be_used_is_built_anew(string what)
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench, "h264-bframes.mp4");
        var good = await ReadAsync(bench, id, 1);
        if (what is "damaged where it lies" or "gone")
        {
            var message = (await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(100_000), CancellationToken.None))!.Receipt.MessageId;
            if (what == "gone")
                bench.Store.Lose(message);
            else
                bench.Store.FlipBit(message, 500);
        }
        else
        {
            // Such an index is stored in place of the good one, the way anything is amended.
            using var content = new MemoryStream(
                what switch
                {
                    "of a version to come" => [.. good[..4], 250, .. good[5..]],
                    "of the version before" => await File.ReadAllBytesAsync(
                        Path.Combine(AppContext.BaseDirectory, "Mp4", "Stored", "index-version-2.tgvx")
                    ),
                    "noise" => [.. good.Select((b, i) => (byte)(b ^ (i * 37)))],
                    _ => (await IndexOfAsync("h264-aac-faststart.mp4")).Encode(),
                }
            );
            await bench
                .Get<ICompanionWishes>()
                .AddAsync(
                    id,
                    new Companion
                    {
                        Kind = CompanionKind.Index,
                        Number = 0,
                        ContentType = IndexMaker.ContentType,
                    },
                    content,
                    CancellationToken.None
                );
            Assert.Equal(StepOutcome.Done, await bench.Get<Amendments>().RunAsync(id, CancellationToken.None));
            Assert.Equal(2, Assert.Single((await bench.ShowAsync(id)).Files.Companions).Number);
        }

        using var reader = bench.NewReader();
        using var cache = new PackagedVideos(reader, PackagedVideos.DefaultBytes, TimeProvider.System, NullLogger<PackagedVideos>.Instance);
        Assert.Equal(good, (await cache.GetAsync(await bench.ShowAsync(id), 0, CancellationToken.None)).Index.Encode());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_video_that_cannot_be_indexed_is_stored_and_says_why_it_has_no_index()
    {
        await using var bench = await IngestBench.OpenAsync(azurite, settings => settings with { Chunks = new ChunkSettings() });
        // 66,000 pictures with one keyframe among them.
        var path = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-v error -f lavfi -i color=size=16x16:rate=1000:duration=66 -c:v libx264 -preset ultrafast -x264-params "
                + $"keyint=infinite:scenecut=0 -pix_fmt yuv420p -movflags +faststart {path}"
        );
        var (id, arrived) = await bench.UploadAsync("endless.mp4", await File.ReadAllBytesAsync(path));

        var outcome = await bench.RunAsync(arrived);

        var video = await bench.ShowAsync(id);
        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(VideoStatus.Ready, video.Life.Status);
        Assert.Equal(
            (CompanionState.Failed, "The MP4's keyframes are too far apart to cut it into segments."),
            (video.Files.Companions[0].State, video.Files.Companions[0].Failure)
        );
        Assert.Equal(await File.ReadAllBytesAsync(path), await bench.PlayAsync(id));
    }

    [Fact(Timeout = 120_000)]
    public async Task Languages_that_an_MP4_of_ffmpeg_has_no_place_for_are_kept()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var path = Mp4Clips.NewPath(".mkv");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-v error -f lavfi -i testsrc2=size=64x36:rate=25:duration=1 -f lavfi -i sine=duration=1 -map 0 -map 1 -map 1 -c:v libx264 "
                + "-preset ultrafast -pix_fmt yuv420p -c:a ac3 "
                + $"-metadata:s:a:0 language=zh-Hant -metadata:s:a:1 language=ger {path}"
        );

        var id = await StoreAsync(bench, path);

        using var reader = bench.NewReader();
        using var cache = new PackagedVideos(reader, PackagedVideos.DefaultBytes, TimeProvider.System, NullLogger<PackagedVideos>.Instance);
        var packaged = await cache.GetAsync(await bench.ShowAsync(id), 0, CancellationToken.None);
        Assert.Equal(["und", "zh-Hant", "ger"], packaged.Index.Tracks.Select(track => track.Language));
    }

    static async Task<VideoId> StoreAsync(IngestBench bench, string clip)
    {
        var path = Path.IsPathRooted(clip) ? clip : await Mp4Clips.PathAsync(clip);
        var (id, arrived) = await bench.UploadAsync(Path.GetFileName(clip), await File.ReadAllBytesAsync(path));
        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);
        return id;
    }

    static async Task<Mp4Index> IndexOfAsync(string clip)
    {
        var bytes = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip));
        return await Mp4Index.BuildAsync(
            (offset, destination, _) =>
            {
                bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
                return Task.CompletedTask;
            },
            bytes.Length,
            CancellationToken.None
        );
    }

    static async Task<byte[]> ReadAsync(IngestBench bench, VideoId id, int file)
    {
        await using var stream = (await bench.Get<OpenVideos>().OpenAsync(id, file, CancellationToken.None))!;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>The messages of the chunks that these bytes of a file are in.</summary>
    static async Task<HashSet<int>> MessagesAsync(IngestBench bench, StoredFile file, long offset, long lengthBytes)
    {
        var messages = new HashSet<int>();
        for (var at = offset; at < offset + lengthBytes; at = file.Plan.At(at).End)
        {
            messages.Add(
                (
                    await bench.Library.FindChunkAsync(
                        file.Video,
                        file.Attempt,
                        file.NumberOf(file.Plan.At(at).Index),
                        CancellationToken.None
                    )
                )!
                    .Receipt
                    .MessageId
            );
        }

        return messages;
    }
}
