using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Ingest;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Staging;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>How often the moov of an upload crosses the network: once to inspect it, once to prepare it.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class MoovReadsTests(AzuriteFixture azurite)
{
    [Theory(Timeout = 120_000)]
    [InlineData("captions.mp4", MediaAction.Relocate)]
    [InlineData("captions-faststart.mp4", MediaAction.Take)]
    public async Task A_moov_is_read_once_per_step_for_sample_decision_relocation_index_and_captions(string clip, MediaAction action)
    {
        var staging = new CountingStaging();
        await using var bench = await IngestBench.OpenAsync(azurite, services: staging.AddTo);
        var content = await File.ReadAllBytesAsync(await CaptionClips.PathAsync(clip));
        staging.Watched = (await new Source(content).LayoutAsync()).Moov;
        var (id, arrived) = await bench.UploadAsync("film.mp4", content);
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;

        Assert.Equal(StepOutcome.Done, await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None));
        var inspecting = staging.TakeReads();
        Assert.Equal(StepOutcome.Done, await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None));
        var preparing = staging.TakeReads();

        var video = await bench.ShowAsync(id);
        Assert.Equal(action, video.Inspection.Decision!.Action);
        Assert.Equal(
            [CompanionKind.Index, CompanionKind.Captions, CompanionKind.Captions],
            video.Files.Companions.Select(companion => companion.Kind)
        );
        Assert.All(video.Files.Companions, companion => Assert.Equal(CompanionState.Waiting, companion.State));
        // The upload's hash takes all of it once more.
        Assert.Equal((1, 2), (inspecting.Whole, preparing.Whole));
        // Beside it only the box walk's window may touch a little of it.
        Assert.InRange(inspecting.Bytes, staging.Watched.LengthBytes, staging.Watched.LengthBytes + 4096);
        Assert.InRange(preparing.Bytes, 2 * staging.Watched.LengthBytes, (2 * staging.Watched.LengthBytes) + 4096);
    }

    [Fact(Timeout = 180_000)]
    public async Task What_preparing_wrote_is_not_read_back_by_the_makers_of_its_companions()
    {
        var staging = new CountingStaging();
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Renditions = "144p" },
            services: staging.AddTo
        );
        var path = Mp4Clips.NewPath(".mkv");
        await Mp4Clips.RunAsync("ffmpeg", $"-v error -i {await Mp4Clips.PathAsync("ladder-small.mp4")} -c copy {path}");
        var (id, arrived) = await bench.UploadAsync("film.mkv", await File.ReadAllBytesAsync(path));
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;
        await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None);

        Assert.Equal(StepOutcome.Done, await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None));

        var files = (await bench.ShowAsync(id)).Files;
        Assert.Equal(
            [(CompanionKind.Index, ""), (CompanionKind.Rendition, "144p"), (CompanionKind.Index, "")],
            files.Companions.Select(companion => (companion.Kind, companion.Name))
        );
        Assert.NotEmpty(staging.PreparedReads);
        // The prepared file is copied whole for the encoder, and no other prepared blob is read.
        Assert.All(staging.PreparedReads, name => Assert.Equal(files.Prepared!.Extents[0].Blob.Name, name));
    }

    /// <summary>The bench's own staging, with an eye on what is read of the upload's moov and of prepared blobs.</summary>
    sealed class CountingStaging : IStaging
    {
        readonly List<string> _prepared = [];
        IStaging _inner = new MemoryStaging(TimeProvider.System);
        int _whole;
        long _bytes;

        public TopBox Watched { get; set; } = new(default, 0, 8, 0);

        public IReadOnlyList<string> PreparedReads => _prepared;

        public void AddTo(IServiceCollection services) =>
            services
                .AddSingleton<BlobStaging>()
                .AddSingleton<IStaging>(provider =>
                {
                    _inner = provider.GetRequiredService<BlobStaging>();
                    return this;
                });

        /// <summary>Reads of the whole payload, and all bytes of the box that were read; counts from 0 again.</summary>
        public (int Whole, long Bytes) TakeReads()
        {
            var reads = (_whole, _bytes);
            (_whole, _bytes) = (0, 0);
            return reads;
        }

        public Task ReadAsync(StagedBlob blob, long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            var end = offset + destination.Length;
            if (blob.Area == StagingArea.Uploads)
            {
                if (offset <= Watched.PayloadOffset && end >= Watched.End)
                    Interlocked.Increment(ref _whole);
                Interlocked.Add(ref _bytes, Math.Max(0, Math.Min(end, Watched.End) - Math.Max(offset, Watched.Offset)));
            }
            else
            {
                lock (_prepared)
                    _prepared.Add(blob.Name);
            }

            return _inner.ReadAsync(blob, offset, destination, cancellationToken);
        }

        public Task PrepareAsync(CancellationToken cancellationToken) => _inner.PrepareAsync(cancellationToken);

        public Task<UploadPermit> CreateUploadAsync(VideoId id, TimeSpan lifetime, CancellationToken cancellationToken) =>
            _inner.CreateUploadAsync(id, lifetime, cancellationToken);

        public IAsyncEnumerable<StagedBlob> ListUploadsAsync(CancellationToken cancellationToken) =>
            _inner.ListUploadsAsync(cancellationToken);

        public IAsyncEnumerable<StagedBlob> ListPreparedAsync(string start, CancellationToken cancellationToken) =>
            _inner.ListPreparedAsync(start, cancellationToken);

        public Task<StagedBlob?> FindAsync(StagingArea area, string name, CancellationToken cancellationToken) =>
            _inner.FindAsync(area, name, cancellationToken);

        public Task SaveUploadAsync(VideoId id, Stream content, CancellationToken cancellationToken) =>
            _inner.SaveUploadAsync(id, content, cancellationToken);

        public Task<StagedBlob> SavePreparedAsync(string name, Stream content, CancellationToken cancellationToken) =>
            _inner.SavePreparedAsync(name, content, cancellationToken);

        public Task DeleteAsync(StagedBlob blob, CancellationToken cancellationToken) => _inner.DeleteAsync(blob, cancellationToken);

        public Task DiscardUploadAsync(VideoId id, CancellationToken cancellationToken) => _inner.DiscardUploadAsync(id, cancellationToken);

        public Task SweepAsync(CancellationToken cancellationToken) => _inner.SweepAsync(cancellationToken);
    }
}
