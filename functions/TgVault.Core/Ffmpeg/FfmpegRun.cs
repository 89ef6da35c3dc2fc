using System.Collections.Immutable;
using System.Globalization;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// The arguments of one run of ffmpeg, each an element of its own: nothing in a name or a title can become another argument. The files that
/// it is given are those that it may open, and what it may use follows from them.
/// </summary>
sealed class FfmpegRun
{
    readonly ImmutableArray<string>.Builder _arguments = ImmutableArray.CreateBuilder<string>();
    readonly ImmutableArray<string>.Builder _inputs = ImmutableArray.CreateBuilder<string>();
    readonly ImmutableArray<string>.Builder _outputs = ImmutableArray.CreateBuilder<string>();
    double _seconds;
    long _encodedPixels;
    long? _fileBytes;

    FfmpegRun() { }

    public ImmutableArray<string> Arguments => _arguments.ToImmutable();

    /// <summary>Begins a run on one local file, within what an upload may make ffmpeg do.</summary>
    /// <param name="input">The file.</param>
    /// <param name="options">What holds for reading it.</param>
    public static FfmpegRun From(string input, params ReadOnlySpan<string> options)
    {
        var run = new FfmpegRun();
        // What it prints are its complaints, each marked with how bad it is.
        run.Add("-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+warning", "-y");
        return run.And(input, options);
    }

    /// <summary>Adds another local file, within the same bounds.</summary>
    public FfmpegRun And(string input, params ReadOnlySpan<string> options)
    {
        _arguments.AddRange(FfmpegTools.Confinement);
        _arguments.AddRange(options);
        _inputs.Add(input);
        return Add("-i", input);
    }

    /// <summary>Adds arguments; those that are not text are written the same in every culture.</summary>
    public FfmpegRun Add(params ReadOnlySpan<IConvertible> arguments)
    {
        foreach (var argument in arguments)
            _arguments.Add(argument.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Lets it open a file that only its arguments name, such as a table of colours; null: none.</summary>
    public FfmpegRun Reading(string? file)
    {
        if (file is not null)
            _inputs.Add(file);
        return this;
    }

    /// <summary>
    /// Ends the arguments of one output, a file, a pattern of names or a pipe. A run may have several. Where no file is there yet, it may
    /// write whatever it wants into the folder.
    /// </summary>
    public FfmpegRun To(string output)
    {
        if (!output.StartsWith("pipe:", StringComparison.Ordinal))
            _outputs.Add(output);
        return Add(output);
    }

    /// <summary>Says how long the inputs play, in seconds: the longer, the more time it has. Not said, their size tells.</summary>
    public FfmpegRun Lasting(double seconds)
    {
        _seconds = seconds;
        return this;
    }

    /// <summary>Says that it encodes pictures as large as this track's: then it has more time and memory.</summary>
    public FfmpegRun Encoding(MediaTrack pictures)
    {
        // Of tracks that do not tell, a common size.
        const long unknown = 1920 * 1080;
        _encodedPixels = (long)pictures.Width * pictures.Height is > 0 and var pixels ? pixels : unknown;
        return this;
    }

    /// <summary>Says how long each output may become, in bytes. Not said, twice what is read and 64 MiB.</summary>
    public FfmpegRun AtMost(long fileBytes)
    {
        _fileBytes = fileBytes;
        return this;
    }

    /// <summary>Runs ffmpeg in its cage, for as long as its inputs are worth; gives its complaints.</summary>
    /// <param name="tools">The programs.</param>
    /// <param name="failure">The sentence for a person where ffmpeg ends with an error; its last complaint is added.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <param name="limit">How long it may take, where that is less than what follows from its inputs.</param>
    /// <param name="read">Reads what it prints, while it prints.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long. Its output may be there in part.</exception>
    public async Task<FfmpegComplaints> RunAsync(
        FfmpegTools tools,
        string failure,
        CancellationToken cancellationToken,
        TimeSpan? limit = null,
        Func<Stream, CancellationToken, Task>? read = null
    )
    {
        var bounds = RunBounds.OfRun(_inputs.Sum(LengthOf), _seconds, _encodedPixels, _fileBytes);
        var longest = new[] { bounds.Time, limit ?? bounds.Time, tools.PrepareTimeout ?? bounds.Time }.Min();
        var cage = new Cage(bounds with { Time = longest }, _inputs.ToImmutable(), _outputs.ToImmutable());
        var ended = await FfmpegProcess.RunAsync(tools, "ffmpeg", Arguments, cage, cancellationToken, read);
        var complaints = new FfmpegComplaints(ended.ErrorTail);
        if (ended.ExitCode == 0)
            return complaints;
        var last = complaints.Last(tools.TemporaryFolder);
        throw new FfmpegException(
            last.Length > 0 ? $"{failure.TrimEnd('.')}: {last.TrimEnd('.')}." : failure,
            ended.ExitCode,
            ended.ErrorTail
        );
    }

    static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
