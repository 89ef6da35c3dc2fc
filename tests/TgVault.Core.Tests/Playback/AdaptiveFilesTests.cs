using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Playback;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Playback;

/// <summary>What a request opens of a video that was stored with a rendition, on an instance that has opened nothing before.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AdaptiveFilesTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    public async Task A_cold_segment_opens_its_index_and_its_file_and_a_playlist_only_indexes()
    {
        await using var bench = await IngestBench.OpenAsync(azurite, settings => settings with { Renditions = "144p" });
        var (id, arrived) = await bench.UploadAsync("clip.mp4", await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("ladder-small.mp4")));
        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);
        var video = await bench.ShowAsync(id);
        var rendition = Assert.Single(RenditionReader.StoredOf(video)).Number;
        var (index, renditionIndex) = (IndexOf(video, 0), IndexOf(video, rendition));

        await OpensAsync(bench, video, [index, 0], (files, token) => files.FindOfTrackAsync(video, "0", "1.m4s", token));
        await OpensAsync(bench, video, [index, 0], (files, token) => files.FindOfTrackAsync(video, "1", "0.m4s", token));
        await OpensAsync(bench, video, [index, 0], (files, token) => files.FindFragmentedAsync(video, token));
        await OpensAsync(
            bench,
            video,
            [renditionIndex, rendition],
            (files, token) => files.FindOfRenditionAsync(video, "144p", "0", "1.m4s", token)
        );

        await OpensAsync(bench, video, [index], (files, token) => files.FindOfTrackAsync(video, "0", "media.m3u8", token));
        await OpensAsync(bench, video, [index], (files, token) => files.FindOfTrackAsync(video, "0", "pictures.m3u8", token));
        await OpensAsync(bench, video, [index], (files, token) => files.FindOfTrackAsync(video, "0", "init.mp4", token));
        await OpensAsync(bench, video, [index, renditionIndex], (files, token) => files.FindHlsAsync(video, token));
        await OpensAsync(bench, video, [index, renditionIndex], (files, token) => files.FindDashAsync(video, token));
    }

    static async Task OpensAsync(
        IngestBench bench,
        Video video,
        int[] expected,
        Func<AdaptiveFiles, CancellationToken, Task<AdaptiveFile?>> find
    )
    {
        var log = new Openings();
        using var videos = new OpenVideos(
            bench.Library,
            ChunkReading.Of(bench.Store),
            bench.Get<KeyRing>(),
            new SpanCache(0),
            new PlaybackSettings(),
            TimeProvider.System,
            log
        );
        using var packaged = new PackagedVideos(
            videos,
            PackagedVideos.DefaultBytes,
            TimeProvider.System,
            NullLogger<PackagedVideos>.Instance
        );
        using var captions = new CaptionReader(videos);
        var files = new AdaptiveFiles(videos, packaged, new RenditionReader(packaged, NullLogger<RenditionReader>.Instance), captions);

        await ReadAsync();
        Assert.Equal(expected, log.Files);
        Assert.InRange(log.Files.Count, 1, 2);

        // From then on indexes are in memory.
        await ReadAsync();
        Assert.Equal(expected.Concat(expected.Where(file => file == 0 || !IsIndex(file))), log.Files);

        async Task ReadAsync()
        {
            await using var content = (await find(files, CancellationToken.None))!.Content;
            await content.CopyToAsync(Stream.Null);
            Assert.True(content.Length > 0);
        }

        bool IsIndex(int file) => video.Files.Companions.Single(companion => companion.Number == file).Kind == CompanionKind.Index;
    }

    static int IndexOf(Video video, int file) =>
        Assert.Single(video.Files.Companions, companion => companion.Kind == CompanionKind.Index && companion.Of == file).Number;

    /// <summary>The files that were opened, in order.</summary>
    sealed class Openings : ILogger<OpenVideos>
    {
        public ConcurrentQueue<int> Files { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (eventId.Id == 505)
                Files.Enqueue((int)((IReadOnlyList<KeyValuePair<string, object?>>)state!).Single(part => part.Key == "File").Value!);
        }
    }
}
