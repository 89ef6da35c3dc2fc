using System.Collections.Immutable;
using System.Globalization;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// The arguments of one run of ffmpeg, each an element of its own: nothing in a name or a title can become another argument.
/// </summary>
sealed class FfmpegRun
{
    readonly ImmutableArray<string>.Builder _arguments = ImmutableArray.CreateBuilder<string>();

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
        return Add("-i", input);
    }

    /// <summary>Adds arguments; those that are not text are written the same in every culture.</summary>
    public FfmpegRun Add(params ReadOnlySpan<IConvertible> arguments)
    {
        foreach (var argument in arguments)
            _arguments.Add(argument.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Ends the arguments of one output. A run may have several.</summary>
    public FfmpegRun To(string output) => Add(output);

    /// <summary>Runs ffmpeg within the time that the settings allow for preparing; gives its complaints.</summary>
    /// <param name="tools">The programs.</param>
    /// <param name="failure">The sentence for a person where ffmpeg ends with an error; its last complaint is added.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <param name="limit">How long it may take, where that is less than the settings allow.</param>
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
        var longest = limit < tools.PrepareTimeout ? limit.Value : tools.PrepareTimeout;
        var ended = await FfmpegProcess.RunAsync(tools, "ffmpeg", Arguments, longest, cancellationToken, read);
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
}
