using TgVault.Cli.Terminal;
using TgVault.Core.Recovery;

namespace TgVault.Cli.Commands.Recovering;

/// <summary>How far a recovery is, on standard error: one line that changes on a terminal, elsewhere a line every few seconds.</summary>
sealed class RecoveryLine(TimeProvider time)
{
    static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(5);

    long? _shown;
    int _width;

    /// <summary>The last is always shown, others as often as somebody can read them.</summary>
    public void Show(RecoveryProgress progress)
    {
        var least = Output.ErrorIsTerminal ? OnTerminal : Elsewhere;
        if (progress.Done < progress.Videos && _shown is { } shown && time.GetElapsedTime(shown) < least)
            return;
        _shown = time.GetTimestamp();
        var text =
            $"{progress.Done} of {progress.Videos} videos, {progress.Chunks} chunks, {Units.Size(progress.Bytes)}"
            + (progress.Failed > 0 ? $", {progress.Failed} failed" : "");
        if (Output.ErrorIsTerminal)
            Console.Error.Write($"\r{text.PadRight(_width)}");
        else
            Notice.PrintError(text);
        _width = text.Length;
    }

    /// <summary>What comes next begins on a line of its own. True where anything was shown.</summary>
    public bool End()
    {
        if (_shown is not null && Output.ErrorIsTerminal)
            Console.Error.WriteLine();
        return _shown is not null;
    }
}
