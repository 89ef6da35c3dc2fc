using System.Text;
using TgVault.Core.Catalogue;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Pictures;
using TgVault.Core.Playback;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Pictures;

/// <summary>Posters and storyboards from ingest, or later, to what is in the channel.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class StoredPicturesTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    public async Task Ingest_stores_a_poster_and_a_storyboard_which_the_manifest_names()
    {
        await using var bench = await OpenAsync(pictures: true);
        var id = await StoreAsync(bench, await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac-faststart.mp4")));

        var video = await bench.ShowAsync(id);
        Assert.Equal(
            [(CompanionKind.Index, 1), (CompanionKind.Poster, 2), (CompanionKind.Storyboard, 3)],
            video.Files.Companions.Select(companion => (companion.Kind, companion.Number))
        );
        Assert.All(video.Files.Companions, companion => Assert.Equal(CompanionState.Stored, companion.State));
        var (poster, text, sheet) = (
            await ReadAsync(bench, id, "poster.jpg"),
            await ReadAsync(bench, id, "storyboard.vtt"),
            await ReadAsync(bench, id, "storyboard-0.jpg")
        );
        Assert.Equal((192, 108), JpegFiles.SizeOf(poster!.Content));
        Assert.Contains("storyboard-0.jpg?edition=1-3#xywh=0,0,192,108", Encoding.UTF8.GetString(text!.Content), StringComparison.Ordinal);
        Assert.Equal((4 * 192, 3 * 108), JpegFiles.SizeOf(sheet!.Content));

        var manifest = ManifestDocument.Open(bench.Store.Find(video.Manifests.Newest!.MessageId)!, bench.Get<KeyRing>());
        var recovered = manifest.ToVideo(video.Manifests.Newest).Files.Companions;
        Assert.Equal(
            [(CompanionKind.Poster, "application/zip"), (CompanionKind.Storyboard, "application/zip")],
            recovered.Skip(1).Select(companion => (companion.Kind, companion.ContentType))
        );
        Assert.Equal([(192, 108)], recovered[1].Media!.Tracks.Select(track => (track.Width, track.Height)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_film_whose_pictures_do_not_decode_is_stored_without_them_and_says_why()
    {
        var content = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac-faststart.mp4"));
        content.AsSpan(content.AsSpan().IndexOf("mdat"u8) + 4).Clear();
        await using var bench = await OpenAsync(pictures: true);

        var id = await StoreAsync(bench, content);

        var pictures = (await bench.ShowAsync(id)).Files.Companions.Skip(1).ToList();
        Assert.Equal([CompanionKind.Poster, CompanionKind.Storyboard], pictures.Select(companion => companion.Kind));
        Assert.All(pictures, companion => Assert.Equal(CompanionState.Failed, companion.State));
        Assert.All(pictures, companion => Assert.NotEmpty(companion.Failure!));
        Assert.Null(await ReadAsync(bench, id, "poster.jpg"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Pictures_of_a_film_stored_before_are_made_of_what_is_stored()
    {
        await using var bench = await OpenAsync(pictures: false);
        var id = await StoreAsync(bench, await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac-faststart.mp4")));
        Assert.Single((await bench.ShowAsync(id)).Files.Companions);

        var asked = await bench.Get<IPosters>().MakeAsync(id, _ => true, CancellationToken.None);
        // As after a crash: the row alone says what is to be done.
        var unfinished = new List<VideoId>();
        await foreach (var video in bench.Library.ListUnfinishedAsync(CancellationToken.None))
            unfinished.Add(video.Id);
        await AmendAsync(bench, id);

        Assert.True(asked!.Files.WantsPictures);
        Assert.Equal([id], unfinished);
        Assert.Equal((192, 108), JpegFiles.SizeOf((await ReadAsync(bench, id, "poster.jpg"))!.Content));
        Assert.NotNull(await ReadAsync(bench, id, "storyboard-0.jpg"));
        var after = await bench.ShowAsync(id);
        Assert.False(after.NeedsAmending);
        Assert.Empty(await bench.ListPreparedAsync());
        var manifest = ManifestDocument.Open(bench.Store.Find(after.Manifests.Newest!.MessageId)!, bench.Get<KeyRing>());
        Assert.Equal(3, manifest.Companions.Length);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_chosen_poster_replaces_the_one_before_and_stays_when_pictures_are_made_anew()
    {
        await using var bench = await OpenAsync(pictures: true);
        var id = await StoreAsync(bench, await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac-faststart.mp4")));
        var first = await ReadAsync(bench, id, "poster.jpg");

        Assert.NotNull(await bench.Get<IPosters>().TakeAsync(id, 13.5, _ => true, CancellationToken.None));
        await AmendAsync(bench, id);
        var chosen = await ReadAsync(bench, id, "poster.jpg");
        await bench.Get<IPosters>().MakeAsync(id, _ => true, CancellationToken.None);
        await AmendAsync(bench, id);
        var still = await ReadAsync(bench, id, "poster.jpg");

        Assert.NotEqual(first!.Content, chosen!.Content);
        Assert.NotEqual(first.Edition, chosen.Edition);
        Assert.Equal((chosen.Edition, chosen.Content.Length), (still!.Edition, still.Content.Length));
        Assert.Equal(
            [CompanionKind.Index, CompanionKind.Poster, CompanionKind.Storyboard],
            (await bench.ShowAsync(id)).Files.Companions.Select(companion => companion.Kind)
        );
    }

    [Theory(Timeout = 120_000)]
    [InlineData("png", "-pix_fmt rgb24", 800, 450)]
    [InlineData("png", "-pix_fmt pal8", 800, 450)]
    [InlineData("jpg", "-pix_fmt yuvj444p", 800, 450)]
    public async Task A_picture_file_becomes_the_poster_in_its_sizes_encoded_anew(string extension, string options, int width, int height)
    {
        var path = Mp4Clips.NewPath($".{extension}");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -y -f lavfi -i color=0x3060C0:size={width}x{height} -frames:v 1 {options} {path}"
        );
        var image = await File.ReadAllBytesAsync(path);

        var poster = await Films.NewTaker().TakeAsync(image, CancellationToken.None);

        Assert.Equal([(320, 180), (640, 360), (width, height)], poster.Media.Tracks.Select(track => (track.Width, track.Height)));
        var (red, green, blue) = await Films.ColourAsync($"-i {await Films.FileAsync(poster, PictureNames.Sized(640))}");
        Assert.InRange(red, 0x30 - 6, 0x30 + 6);
        Assert.InRange(green, 0x60 - 6, 0x60 + 6);
        Assert.InRange(blue, 0xC0 - 6, 0xC0 + 6);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("GIF89a and no more")]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public async Task What_is_no_picture_is_refused_with_a_sentence(string text)
    {
        var refused = await Assert.ThrowsAsync<MediaException>(() =>
            Films.NewTaker().TakeAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None)
        );

        Assert.Contains("JPEG or a PNG", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_claims_to_be_vast_is_refused_before_it_is_decoded()
    {
        byte[] png =
        [
            .. (byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13],
            .. "IHDR"u8,
            .. (byte[])[0, 0, 0x40, 0, 0, 0, 0x3F, 0xFF, 8, 2, 0, 0, 0, 0, 0, 0, 0],
        ];

        Assert.Contains("pixels", Assert.Throws<MediaException>(() => StillImage.Of(png)).Message, StringComparison.Ordinal);
    }

    Task<IngestBench> OpenAsync(bool pictures) => IngestBench.OpenAsync(azurite, settings => settings with { Pictures = pictures });

    static async Task<VideoId> StoreAsync(IngestBench bench, byte[] content)
    {
        var (id, arrived) = await bench.UploadAsync("film.mp4", content);
        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);
        return id;
    }

    static async Task AmendAsync(IngestBench bench, VideoId id) =>
        Assert.Equal(StepOutcome.Done, await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None));

    static async Task<PictureFile?> ReadAsync(IngestBench bench, VideoId id, string name)
    {
        var reader = new PictureReader(bench.NewReader());
        return await reader.FindAsync(await bench.ShowAsync(id), name, CancellationToken.None);
    }
}
