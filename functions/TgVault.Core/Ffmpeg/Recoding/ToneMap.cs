using TgVault.Core.Ffmpeg.Tones;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg.Recoding;

/// <summary>
/// Makes pictures of high dynamic range (PQ and HLG, as ITU-R BT.2100 has them) such that ordinary displays show them right. The filters
/// are those that every ffmpeg has (scale and lut3d); the table of colours is computed here, for the light that the film uses.
/// </summary>
sealed class ToneMap : IDisposable
{
    // Pictures are measured in this size.
    const int MeasuredWidth = 128,
        MeasuredHeight = 72;
    const int MeasuredBytes = MeasuredWidth * MeasuredHeight * 6;

    // So much of all that was measured may be brighter than what counts as the brightest: sparks and faults.
    const double Passed = 0.001;

    readonly TemporaryFile _cube;
    readonly string _matrix;

    ToneMap(TemporaryFile cube, string matrix)
    {
        _cube = cube;
        _matrix = matrix;
    }

    /// <summary>Whether a track's pictures are to be mapped wherever they become ordinary ones.</summary>
    public static bool IsFor(MediaTrack video) => HighRangeLight.Of(video) is not null;

    /// <summary>
    /// Filters for <c>-vf</c>: take pictures of the track in whatever size, and give 4:2:0 of 8 bits in BT.709 that says so. Their sides
    /// must be even.
    /// </summary>
    public string Filters =>
        $"scale=in_color_matrix={_matrix}:flags=bicubic+accurate_rnd+full_chroma_int,format=gbrp12le,lut3d=file={Quote(_cube.Path)},"
        + "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p,"
        + "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";

    /// <summary>Looks at the keyframes of a track and computes the table for them.</summary>
    /// <param name="tools">The programs, and where temporary files are.</param>
    /// <param name="input">A local file.</param>
    /// <param name="video">Its track.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <returns>What is to be disposed after the last use of its filters; null where the track has no high dynamic range.</returns>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took longer than the settings allow.</exception>
    /// <exception cref="IOException">There is no room for the table.</exception>
    public static async Task<ToneMap?> PrepareAsync(FfmpegTools tools, string input, MediaTrack video, CancellationToken cancellationToken)
    {
        if (HighRangeLight.Of(video) is not { } range)
            return null;
        var matrix = video.Colour!.StartsWith("bt709/", StringComparison.Ordinal) ? "bt709" : "bt2020";
        var peak = await MeasureAsync(tools, input, video, range, matrix, cancellationToken);
        var cube = TemporaryFile.Create(tools.TemporaryFolder, ".cube");
        try
        {
            await File.WriteAllTextAsync(cube.Path, new ToneCube(range, peak).Write(), cancellationToken);
            return new ToneMap(cube, matrix);
        }
        catch
        {
            cube.Dispose();
            throw;
        }
    }

    /// <summary>The file that the filters read; full path.</summary>
    public string TablePath => _cube.Path;

    public void Dispose() => _cube.Dispose();

    // The brightest light in cd/m². What the file says of itself is mostly what some display could give.
    static async Task<double> MeasureAsync(
        FfmpegTools tools,
        string input,
        MediaTrack video,
        HighRange range,
        string matrix,
        CancellationToken cancellationToken
    )
    {
        var run = FfmpegRun
            .From(input, "-skip_frame", "nokey")
            .Add("-map", $"0:{video.Index}", "-an", "-sn", "-dn")
            .Add("-vf", $"scale={MeasuredWidth}:{MeasuredHeight}:flags=area:in_color_matrix={matrix},format=rgb48le")
            .Add("-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "rawvideo")
            .To("pipe:1");
        var counts = new long[1024];
        await run.RunAsync(
            tools,
            "ffmpeg could not read how bright the video is.",
            cancellationToken,
            read: async (pictures, cancellation) =>
            {
                var picture = new byte[MeasuredBytes];
                while (await pictures.ReadAtLeastAsync(picture, picture.Length, throwOnEndOfStream: false, cancellation) == picture.Length)
                    Count(picture, counts);
            }
        );
        var value = Brightest(counts);
        var (red, _, _) = HighRangeLight.Nits(range, value, value, value);
        return value > 0 ? red : HighRangeLight.UsualNits;
    }

    static void Count(ReadOnlySpan<byte> picture, long[] counts)
    {
        // Of six bytes a pixel, the upper ones of red, green and blue.
        for (var at = 0; at < picture.Length; at += 6)
        {
            var strongest = Math.Max(Value(picture, at), Math.Max(Value(picture, at + 2), Value(picture, at + 4)));
            counts[strongest >> 6]++;
        }

        static int Value(ReadOnlySpan<byte> picture, int at) => picture[at] | (picture[at + 1] << 8);
    }

    // From 0 to 1.
    static double Brightest(long[] counts)
    {
        var left = counts.Sum() * Passed;
        for (var value = counts.Length - 1; value > 0; value--)
        {
            left -= counts[value];
            if (left < 0)
                return (value + 1.0) / counts.Length;
        }

        return 0;
    }

    // As ffmpeg's filter graphs want it: once for the option, once for the graph.
    static string Quote(string path) => Escape(Escape(path, @"\':"), @"\'[],;");

    static string Escape(string text, string marked) => string.Concat(text.Select(c => marked.Contains(c) ? $@"\{c}" : $"{c}"));
}
