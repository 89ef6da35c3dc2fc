using System.Collections.Immutable;
using System.Globalization;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Recoding;
using TgVault.Core.Videos;

namespace TgVault.Core.Pictures;

/// <summary>What sheets are made of.</summary>
/// <param name="Input">A local file.</param>
/// <param name="Video">Its track that is looked at.</param>
/// <param name="SecondsBetween">How far apart tiles are on the input's clock.</param>
/// <param name="LeadSeconds">When, on that clock, the film begins.</param>
/// <param name="Decoded">Which of its pictures are decoded.</param>
sealed record SheetInput(string Input, MediaTrack Video, double SecondsBetween, double LeadSeconds, DecodedPictures Decoded);

/// <summary>Which pictures of an input are decoded.</summary>
enum DecodedPictures
{
    /// <summary>All: they depend on one another.</summary>
    All,

    /// <summary>All, each of which decodes alone.</summary>
    AllAlone,

    /// <summary>Those of which the decoder knows that they decode alone.</summary>
    Keys,
}

/// <summary>What a poster is made of.</summary>
/// <param name="Input">A local file.</param>
/// <param name="Video">Its track that it is of.</param>
/// <param name="Seconds">When the picture is shown, on the input's clock; the first one from then on is taken.</param>
/// <param name="Seeks">Whether there is much before it, which need not be decoded.</param>
sealed record PosterInput(string Input, MediaTrack Video, double Seconds, bool Seeks);

/// <summary>
/// Has ffmpeg make JPEGs of pictures: square pixels, turned as they are shown, high dynamic range brought down to what JPEG has. JPEG and
/// not WebP: other sites' cards want it, and the ffmpeg that travels with the app writes no other.
/// </summary>
sealed class PictureEncoder(FfmpegTools tools) : IDisposable
{
    // They last a second or two and ask for no place (FfmpegPlaces), which others may hold for hours.
    const int MostAtOnce = 2;

    const int PosterQuality = 3;
    const int TileQuality = 5;

    // From this height on, what does not say its colours is taken for BT.709, as browsers do.
    const int HighDefinition = 720;

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    readonly SemaphoreSlim _turns = new(MostAtOnce);

    /// <summary>
    /// Goes once through pictures and writes sheets of them, one JPEG behind the other, and the brightness of each.
    /// </summary>
    /// <param name="input">What is gone through.</param>
    /// <param name="size">The square that a tile fits into, in pixels.</param>
    /// <param name="layout">Tiles on a sheet.</param>
    /// <param name="sheets">The file for the sheets.</param>
    /// <param name="measured">The size of what is measured, and the file for it: a byte for each pixel.</param>
    /// <param name="most">As many tiles as are made at most.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long.</exception>
    public async Task WriteSheetsAsync(
        SheetInput input,
        int size,
        (int Columns, int Rows) layout,
        string sheets,
        (int Width, int Height, string Path) measured,
        int most,
        CancellationToken cancellationToken
    )
    {
        // The picture that is on the screen at each moment; where one does not decode, the one before stays.
        var paced = string.Create(
            CultureInfo.InvariantCulture,
            $"setpts=PTS-{input.LeadSeconds:F6}/TB,fps=1/{input.SecondsBetween}:start_time=0:round=up"
        );
        using var tones = await ToneMap.PrepareAsync(tools, input.Input, input.Video, cancellationToken);
        var perSheet = layout.Columns * layout.Rows;
        // Measured on the tiles: making those small is much of the work. In one thread: sharing small pictures out costs more than they do.
        var filters =
            $"[0:{input.Video.Index}]{paced},{Fitted(input.Video, size, tones, "area")},split[tiles][measured];"
            + $"[tiles]tile={layout.Columns}x{layout.Rows}[sheets];"
            + $"[measured]scale={measured.Width}:{measured.Height}:flags=area,format=gray[pixels]";
        await RunAsync(
            FfmpegRun
                .From(input.Input, OptionsFor(input.Decoded))
                .Reading(tones?.TablePath)
                .Add("-filter_complex_threads", 1, "-filter_complex", filters)
                .Add("-map", "[sheets]", "-map_metadata", -1)
                .Add("-frames:v", (most + perSheet - 1) / perSheet, "-c:v", "mjpeg", "-q:v", TileQuality, "-f", "mjpeg")
                .To(sheets)
                .Add("-map", "[pixels]", "-frames:v", most, "-c:v", "rawvideo", "-f", "image2pipe")
                .To(measured.Path),
            cancellationToken
        );
    }

    /// <summary>Writes one picture at each of these sizes.</summary>
    /// <param name="input">What it is taken from.</param>
    /// <param name="outputs">The square that each fits into, in pixels, and its file. No picture is made larger than it is.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long.</exception>
    public async Task WritePosterAsync(
        PosterInput input,
        ImmutableArray<(int Size, string Path)> outputs,
        CancellationToken cancellationToken
    )
    {
        using var tones = await ToneMap.PrepareAsync(tools, input.Input, input.Video, cancellationToken);
        var from = Math.Max(0, input.Seconds).ToString("F6", CultureInfo.InvariantCulture);
        var run = FfmpegRun
            .From(input.Input, input.Seeks ? ["-ss", from] : ["-copyts"])
            .Reading(tones?.TablePath)
            .Add("-filter_threads", 1);
        var selected = input.Seeks ? "" : $"select='gte(t,{from})',";
        foreach (var (size, path) in outputs)
            run.Add(
                    "-map",
                    $"0:{input.Video.Index}",
                    "-an",
                    "-sn",
                    "-dn",
                    "-map_metadata",
                    -1,
                    "-vf",
                    selected + Fitted(input.Video, size, tones, "bicubic")
                )
                .Add("-frames:v", 1, "-c:v", "mjpeg", "-q:v", PosterQuality, "-f", "mjpeg")
                .To(path);
        await RunAsync(run, cancellationToken);
    }

    public void Dispose() => _turns.Dispose();

    async Task RunAsync(FfmpegRun run, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await run.RunAsync(tools, "ffmpeg could not make its pictures.", cancellationToken, Longest);
        }
        finally
        {
            _turns.Release();
        }
    }

    // The edges of blocks that a decoder smooths at the end are not seen in a tile; where other pictures follow, they would add up.
    static string[] OptionsFor(DecodedPictures pictures) =>
        pictures switch
        {
            DecodedPictures.AllAlone => ["-copyts", "-skip_loop_filter", "all"],
            DecodedPictures.Keys => ["-copyts", "-skip_loop_filter", "all", "-discard", "nokey", "-skip_frame", "nokey"],
            _ => ["-copyts"],
        };

    // JPEG's colours are those of BT.601 at full range (JFIF 1.02).
    static string Fitted(MediaTrack video, int size, ToneMap? tones, string scaler)
    {
        const string jpeg = "out_color_matrix=bt601:out_range=full,setsar=1,format=yuvj420p";
        var shrunk = string.Create(CultureInfo.InvariantCulture, $"min(1,min({size}/(iw*max(sar,0.01)),{size}/ih))");
        var fitted = $"scale=w='2*max(1,round(iw*sar*{shrunk}/2))':h='2*max(1,round(ih*{shrunk}/2))':flags={scaler}";
        // Mapped where there are fewer pixels.
        if (tones is not null)
            return $"{fitted},{tones.Filters},scale=in_color_matrix=bt709:{jpeg}";
        var matrix = video.Colour is null && Math.Max(video.Width, video.Height) >= HighDefinition ? "bt709" : "auto";
        return $"{fitted}:in_color_matrix={matrix}:{jpeg}";
    }
}
