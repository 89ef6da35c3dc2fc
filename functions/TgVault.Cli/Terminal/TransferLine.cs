using System.Globalization;

namespace TgVault.Cli.Terminal;

/// <summary>How far something is at one moment. Without a total nothing is known of it yet.</summary>
readonly record struct TransferState(string Title, long Done, long Total, double? BytesPerSecond, string? Note);

/// <summary>The line of a bar: title, bar, percent, bytes, rate and time left, or what is waited for.</summary>
static class TransferLine
{
    const int LongestTitle = 28;
    const int ShortestTitle = 12;
    const int ShortestBar = 6;
    const int LongestBar = 40;
    const string Gap = "  ";

    public static string Of(TransferState state, int width)
    {
        var figures = Figures(state);
        var room = width - TextWidth.Of(figures) - Gap.Length;
        if (room < ShortestTitle)
            return TextWidth.Cut(state.Title + Gap + figures, width);
        var title = TextWidth.Cut(state.Title, Math.Min(room, LongestTitle));
        room -= TextWidth.Of(title) + Gap.Length;
        var bar = state.Total > 0 && room >= ShortestBar ? Bar(state, Math.Min(room, LongestBar)) + Gap : "";
        return title + Gap + bar + figures;
    }

    static string Figures(TransferState state)
    {
        var parts = new List<string>();
        if (state.Total > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Min(state.Done, state.Total) / state.Total, 3} %"));
            parts.Add($"{Units.Size(state.Done)} of {Units.Size(state.Total)}");
        }

        if (state.Note is { } note)
            parts.Add(note);
        else if (state is { Total: > 0, BytesPerSecond: { } rate })
        {
            parts.Add($"{Units.Size(rate)}/s");
            if (rate > 0 && state.Done < state.Total)
                parts.Add($"{Units.Clock((state.Total - state.Done) / rate)} left");
        }
        else if (state.Total <= 0)
            parts.Add("...");
        return string.Join(Gap, parts);
    }

    static string Bar(TransferState state, int width)
    {
        var full = (int)(width * Math.Min(state.Done, state.Total) / state.Total);
        return new string('━', full) + new string('╌', width - full);
    }
}
