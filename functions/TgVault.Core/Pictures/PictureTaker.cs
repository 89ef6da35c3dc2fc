using System.Collections.Immutable;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Pictures;

/// <summary>
/// Takes the pictures of a film: a storyboard, and the best of its pictures as its poster. Of an MP4 only those samples are read that are
/// decoded. Memory and temporary files are bounded, whatever the film.
/// </summary>
sealed class PictureTaker(PictureEncoder encoder, FfmpegTools tools)
{
    /// <summary>The square that a tile fits into, in pixels.</summary>
    const int TileSize = 240;

    // What is kept of what ffmpeg writes, in bytes.
    const int MostWritten = PackedPictures.MostBytes / 2;

    // Seeking ends at the first picture from there on, and times are rounded.
    const double Early = 0.0005;

    /// <summary>Goes once through the film for its storyboard, and once to the picture that it finds best.</summary>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long.</exception>
    /// <exception cref="MediaException">There is nothing to take pictures of.</exception>
    public async Task<ImmutableArray<PackedPictures>> TakeAsync(FilmSource film, CancellationToken cancellationToken)
    {
        var video = film.Video ?? throw new MediaException("It has no pictures.");
        using var input = TemporaryFile.Create(tools.TemporaryFolder, ".pictures");
        using var sheets = TemporaryFile.Create(tools.TemporaryFolder, ".sheets");
        using var measured = TemporaryFile.Create(tools.TemporaryFolder, ".gray");
        var plan = film.Index is { } index ? PicturePlan.Of(index) : null;
        var between = plan?.SecondsBetween ?? PicturePlan.BetweenOf(film.Media.DurationSeconds);
        var keys = plan is { IsWhole: false } ? plan.Pictures : [];
        await WriteInputAsync(film, plan, input.Path, cancellationToken);
        var most = keys.IsEmpty ? Math.Max(1, (int)Math.Ceiling(film.Media.DurationSeconds / between)) : keys.Length;
        var layout = StoryboardText.LayoutOf(Math.Min(most, PicturePlan.MostTiles));
        await encoder.WriteSheetsAsync(
            new SheetInput(
                input.Path,
                plan is null ? video : video with { Index = 0 },
                keys.IsEmpty ? between : 1,
                LeadSecondsOf(film, plan),
                plan is null ? DecodedPictures.Keys
                    : plan.IsWhole ? DecodedPictures.All
                    : DecodedPictures.AllAlone
            ),
            TileSize,
            layout,
            sheets.Path,
            (PictureMeasure.Width, PictureMeasure.Height, measured.Path),
            Math.Min(most, PicturePlan.MostTiles),
            cancellationToken
        );
        var measures = MeasuresIn(await ReadAsync(measured.Path, cancellationToken));
        var files = JpegFiles.Split(await ReadAsync(sheets.Path, cancellationToken));
        if (measures.IsEmpty || files.IsEmpty)
            throw new MediaException("None of its pictures could be decoded.");

        var starts = Enumerable
            .Range(0, measures.Length)
            .Select(tile => keys.IsEmpty ? tile * between : keys[Math.Min(tile, keys.Length - 1)].SecondsOf(film.Index!))
            .ToImmutableArray();
        var storyboard = StoryboardOf(files, layout, starts, film.Media.DurationSeconds);
        var best = PosterChoice.Of(measures);
        // Of a key frame it is known where it lies: finding what is shown at its moment would read the whole index twice.
        var poster =
            !keys.IsEmpty && keys[Math.Min(best, keys.Length - 1)] is var key && key.Shown >= film.Index!.Tracks[0].Origin
                ? await TakeAsync(film, film.Index, [key], key, input.Path, cancellationToken)
                : await TakeAsync(film, starts[best], input.Path, cancellationToken);
        return [poster, storyboard];
    }

    /// <summary>The picture on the screen at a moment of the film, as its poster.</summary>
    /// <param name="film">The film.</param>
    /// <param name="seconds">From its beginning; behind its end it is its last picture.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long.</exception>
    /// <exception cref="MediaException">There is no picture that can be taken.</exception>
    public async Task<PackedPictures> TakeAsync(FilmSource film, double seconds, CancellationToken cancellationToken)
    {
        using var input = TemporaryFile.Create(tools.TemporaryFolder, ".pictures");
        if (film.Index is null)
            await CopyAsync(film, input.Path, cancellationToken);
        return await TakeAsync(film, seconds, input.Path, cancellationToken);
    }

    /// <summary>A picture that a person gives, as a poster: decoded and encoded anew, so that nothing of it is stored as it came.</summary>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long.</exception>
    /// <exception cref="MediaException">It is no picture that is taken; the message is for its owner.</exception>
    public async Task<PackedPictures> TakeAsync(ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        var still = StillImage.Of(image.Span);
        using var input = TemporaryFile.Create(tools.TemporaryFolder, ".pictures");
        await PictureFilm.WriteKeysAsync(
            still.Index,
            [still.Picture],
            (offset, destination, _) =>
            {
                image.Slice((int)offset, destination.Length).CopyTo(destination);
                return Task.CompletedTask;
            },
            input.Path,
            cancellationToken
        );
        return await EncodeAsync(new PosterInput(input.Path, still.Video, 0, Seeks: false), cancellationToken);
    }

    /// <summary>The cover that an upload has of itself, as a poster.</summary>
    /// <param name="upload">A local file.</param>
    /// <param name="cover">Its cover.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long.</exception>
    /// <exception cref="MediaException">It does not decode.</exception>
    public Task<PackedPictures> TakeAsync(string upload, CoverArt cover, CancellationToken cancellationToken)
    {
        var track = new MediaTrack
        {
            Index = cover.StreamIndex,
            Kind = MediaTrackKind.Video,
            Codec = cover.Codec,
            Colour = StillImage.Colour,
        };
        // A seek, even to the beginning, leaves it out.
        return EncodeAsync(new PosterInput(upload, track, 0, Seeks: false), cancellationToken);
    }

    // An input that is a copy of the film is there already.
    async Task<PackedPictures> TakeAsync(FilmSource film, double seconds, string input, CancellationToken cancellationToken)
    {
        var video = film.Video ?? throw new MediaException("It has no pictures.");
        if (film.Index is not { } index)
            return await EncodeAsync(new PosterInput(input, video, Math.Max(0, seconds - Early), Seeks: true), cancellationToken);
        var (pictures, from) = PictureRun.To(index, seconds);
        return await TakeAsync(film, index, pictures, from, input, cancellationToken);
    }

    // The last of pictures that follow one another; the first that is shown of them is time 0.
    async Task<PackedPictures> TakeAsync(
        FilmSource film,
        Mp4Index index,
        ImmutableArray<FilmPicture> pictures,
        FilmPicture from,
        string input,
        CancellationToken cancellationToken
    )
    {
        Announce(film, index, pictures);
        await PictureFilm.WriteAsync(index, pictures, from.Shown, film.Read, input, cancellationToken);
        var shown = (double)(pictures[^1].Shown - from.Shown + PictureFilm.LeadOf(pictures, from.Shown)) / index.Tracks[0].Timescale;
        return await EncodeAsync(new PosterInput(input, film.Video! with { Index = 0 }, shown - Early, Seeks: false), cancellationToken);
    }

    async Task WriteInputAsync(FilmSource film, PicturePlan? plan, string path, CancellationToken cancellationToken)
    {
        if (plan is null)
        {
            await CopyAsync(film, path, cancellationToken);
            return;
        }

        var index = film.Index!;
        Announce(film, index, plan.Pictures);
        if (plan.IsWhole)
            await PictureFilm.WriteAsync(index, plan.Pictures, index.Tracks[0].Origin, film.Read, path, cancellationToken);
        else
            await PictureFilm.WriteKeysAsync(index, plan.Pictures, film.Read, path, cancellationToken);
    }

    static double LeadSecondsOf(FilmSource film, PicturePlan? plan) =>
        plan is { IsWhole: true } && film.Index!.Tracks[0] is var track
            ? (double)PictureFilm.LeadOf(plan.Pictures, track.Origin) / track.Timescale
            : 0;

    async Task CopyAsync(FilmSource film, string path, CancellationToken cancellationToken)
    {
        const int pieceBytes = 1 << 20;
        if (film.LengthBytes > film.MostCopied)
            throw new MediaException($"Pictures of such a file need a copy of it, and it is larger than {film.MostCopied >> 20} MiB.");
        if (tools.FreeBytes < film.LengthBytes)
            throw new MediaException($"Its pictures need {film.LengthBytes >> 20} MiB of temporary space, which are not free.");
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        var piece = new byte[pieceBytes];
        for (var offset = 0L; offset < film.LengthBytes; offset += pieceBytes)
        {
            var memory = piece.AsMemory(0, (int)Math.Min(pieceBytes, film.LengthBytes - offset));
            await film.Read(offset, memory, cancellationToken);
            await file.WriteAsync(memory, cancellationToken);
        }
    }

    async Task<PackedPictures> EncodeAsync(PosterInput input, CancellationToken cancellationToken)
    {
        var outputs = PictureNames
            .Sizes.Select(size => (Size: size, File: TemporaryFile.Create(tools.TemporaryFolder, ".jpg")))
            .ToImmutableArray();
        try
        {
            await encoder.WritePosterAsync(input, [.. outputs.Select(output => (output.Size, output.File.Path))], cancellationToken);
            var sizes = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
            foreach (var (_, file) in outputs)
            {
                var picture = await ReadAsync(file.Path, cancellationToken);
                if (JpegFiles.SizeOf(picture.Span) is not { } size)
                    throw new MediaException("There is no picture at that moment that could be decoded.");
                // A film that is no larger has no larger poster.
                if (sizes.Count == 0 || JpegFiles.SizeOf(sizes[^1].Span) != size)
                    sizes.Add(picture);
            }

            return PackedPictures.OfPoster(sizes.ToImmutable());
        }
        finally
        {
            foreach (var (_, file) in outputs)
                file.Dispose();
        }
    }

    static PackedPictures StoryboardOf(
        ImmutableArray<ReadOnlyMemory<byte>> sheets,
        (int Columns, int Rows) layout,
        ImmutableArray<double> starts,
        double end
    )
    {
        var (width, height) = JpegFiles.SizeOf(sheets[0].Span) ?? throw new MediaException("ffmpeg wrote no JPEG.");
        var text = new StoryboardText(width / layout.Columns, height / layout.Rows, layout.Columns, layout.Rows);
        var tiles = Math.Min(starts.Length, sheets.Length * layout.Columns * layout.Rows);
        return PackedPictures.OfStoryboard(text.Write(starts[..tiles], end), sheets);
    }

    static ImmutableArray<PictureMeasure> MeasuresIn(ReadOnlyMemory<byte> pixels)
    {
        const int each = PictureMeasure.Width * PictureMeasure.Height;
        return [.. Enumerable.Range(0, pixels.Length / each).Select(i => PictureMeasure.Of(pixels.Span.Slice(i * each, each)))];
    }

    static void Announce(FilmSource film, Mp4Index index, ImmutableArray<FilmPicture> pictures) =>
        film.Expect?.Invoke(PictureFilm.RangesOf(index, pictures));

    static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        // ffmpeg makes no file where it has no picture for it.
        if (!File.Exists(path))
            return default;
        if (new FileInfo(path).Length > MostWritten)
            throw new MediaException("Its pictures are larger than is kept.");
        return await File.ReadAllBytesAsync(path, cancellationToken);
    }
}
