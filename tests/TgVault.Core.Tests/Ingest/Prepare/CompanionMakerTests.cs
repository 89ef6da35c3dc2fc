using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Catalogue;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>
/// A kind of companion that only this file knows of: what a new kind needs is its maker and its place in the list. Nothing else in the
/// vault may have to be told of it for it to be cut, sent, read back, committed and found in the manifest.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class CompanionMakerTests(AzuriteFixture azurite)
{
    const CompanionKind Poster = (CompanionKind)77;

    // Two chunks of 64 KiB.
    static readonly byte[] Picture = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("No picture, but as good as one. ", 3000)));

    [Fact(Timeout = 120_000)]
    public async Task A_new_kind_is_stored_and_found_by_its_maker_alone()
    {
        await using var bench = await OpenAsync();
        var (id, arrived) = await UploadAsync(bench);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        var poster = Assert.Single(video.Files.Companions, companion => companion.Kind == Poster);
        Assert.Equal((2, CompanionState.Stored, 0, 2), (poster.Number, poster.State, poster.Extents.Length, poster.Plan!.Count));
        Assert.Equal(Picture, await PlayAsync(bench, id, poster.Number));

        var manifest = ManifestDocument.Open(bench.Store.Find(video.Manifests.Newest!.MessageId)!, bench.Get<KeyRing>());
        var recovered = Assert.Single(manifest.ToVideo(video.Manifests.Newest).Files.Companions, companion => companion.Kind == Poster);
        Assert.Equal(("image/jpeg", "front", Picture.Length), (recovered.ContentType, recovered.Name, recovered.LengthBytes));
        Assert.Equal(2, manifest.ToChunkRecords().Count(chunk => chunk.Number >= ChunkNumber.Of(poster.Number, 0)));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_maker_added_before_a_crash_is_not_made_again()
    {
        var maker = new PosterMaker { Fails = true };
        await using var bench = await OpenAsync(maker);
        var (id, arrived) = await UploadAsync(bench);
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;
        await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None);

        var broken = await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None);
        var before = await bench.ShowAsync(id);
        maker.Fails = false;
        var prepared = await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None);

        Assert.Equal((StepResult.Failed, StepResult.Done), (broken.Result, prepared.Result));
        Assert.Equal([CompanionKind.Index], before.Files.Companions.Select(companion => companion.Kind));
        var after = await bench.ShowAsync(id);
        Assert.Equal([CompanionKind.Index, Poster], after.Files.Companions.Select(companion => companion.Kind));
        Assert.Equal(before.Files.Companions[0].Extents.AsEnumerable(), after.Files.Companions[0].Extents.AsEnumerable());
    }

    [Theory(Timeout = 120_000)]
    [InlineData("captions.mkv", MediaAction.Remux)]
    [InlineData("captions.mp4", MediaAction.Relocate)]
    [InlineData("captions-faststart.mp4", MediaAction.Take)]
    public async Task What_a_crash_left_to_be_made_is_made_from_what_is_staged(string clip, MediaAction action)
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync(clip, await File.ReadAllBytesAsync(await CaptionClips.PathAsync(clip)));
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;
        await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None);
        await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None);
        var whole = (await bench.ShowAsync(id)).Files;

        // So many companions were added when it crashed.
        for (var kept = 0; kept < 2; kept++)
        {
            await bench
                .Get<ILibrary>()
                .ChangeAsync(
                    id,
                    video => video with { Files = video.Files with { Companions = whole.Companions[..kept], LastCompanion = kept } },
                    CancellationToken.None
                );
            Assert.Equal(StepOutcome.Done, await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None));

            var again = await bench.ShowAsync(id);
            Assert.Equal(action, again.Inspection.Decision!.Action);
            Assert.Equal(whole.Prepared!.Extents.AsEnumerable(), again.Files.Prepared!.Extents.AsEnumerable());
            Assert.Equal(whole.LastCompanion, again.Files.LastCompanion);
            Assert.Equal(whole.Companions.Select(Told), again.Files.Companions.Select(Told));
        }

        static (CompanionKind, int, string, string, long, CompanionState) Told(Companion companion) =>
            (companion.Kind, companion.Number, companion.Language, companion.Name, companion.LengthBytes, companion.State);
    }

    Task<IngestBench> OpenAsync(PosterMaker? maker = null) =>
        IngestBench.OpenAsync(azurite, services: services => services.AddSingleton<ICompanionMaker>(maker ?? new PosterMaker()));

    static async Task<(VideoId Id, IngestRequest Event)> UploadAsync(IngestBench bench) =>
        await bench.UploadAsync("film.mp4", await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac-faststart.mp4")));

    static async Task<byte[]> PlayAsync(IngestBench bench, VideoId id, int number)
    {
        await using var stream = (await bench.Get<OpenVideos>().OpenAsync(id, number, CancellationToken.None))!;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    sealed class PosterMaker : ICompanionMaker
    {
        public bool Fails { get; set; }

        public bool NeedsFfmpeg(Video video) => false;

        public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
        {
            if (!work.Plays || work.Video.Files.Companions.Any(companion => companion.Kind == Poster))
                return;
            if (Fails)
                throw new VaultException("The camera is out of film.");
            var poster = new Companion
            {
                Kind = Poster,
                Number = work.NextNumber,
                Name = "front",
                ContentType = "image/jpeg",
            };
            using var content = new MemoryStream(Picture);
            await work.AddAsync([await work.StageAsync(poster, "poster", content, cancellationToken)], cancellationToken);
        }
    }
}
