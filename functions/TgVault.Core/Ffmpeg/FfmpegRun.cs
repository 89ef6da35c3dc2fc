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
        run.Add("-nostdin", "-hide_banner", "-nostats", "-y");
        run._arguments.AddRange(FfmpegTools.Confinement);
        run._arguments.AddRange(options);
        return run.Add("-i", input);
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

    /// <summary>Runs ffmpeg within the time that the settings allow for preparing.</summary>
    /// <param name="tools">The programs.</param>
    /// <param name="failure">The sentence for a person where ffmpeg ends with an error.</param>
    /// <param name="cancellationToken">Ends ffmpeg.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took too long. Its output may be there in part.</exception>
    public async Task RunAsync(FfmpegTools tools, string failure, CancellationToken cancellationToken)
    {
        var ended = await FfmpegProcess.RunAsync(tools, "ffmpeg", Arguments, tools.PrepareTimeout, cancellationToken);
        if (ended.ExitCode != 0)
            throw new FfmpegException(failure, ended.ExitCode, ended.ErrorTail);
    }
}
