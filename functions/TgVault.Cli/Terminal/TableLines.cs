namespace TgVault.Cli.Terminal;

/// <summary>
/// A table as lines that fit a terminal: columns are left out and cut before anything runs over. The last column takes what is left.
/// </summary>
static class TableLines
{
    const string Gap = "  ";
    const int EnoughForLast = 24;
    const int LeastForLast = 8;

    public static IEnumerable<string> Of(IReadOnlyList<Column> columns, IReadOnlyList<string[]> rows, int width)
    {
        var all = rows.Select(row => row.Select(SafeText.Of).ToArray()).ToList();
        var natural = columns
            .Select((column, at) => all.Select(row => TextWidth.Of(row[at])).Append(TextWidth.Of(column.Title)).Max())
            .ToArray();
        // A column that says nothing anywhere is none.
        var shown = Enumerable.Range(0, columns.Count).Where(at => columns[at].Drop == 0 || all.Any(row => row[at].Length > 0)).ToList();
        var last = columns.Count - 1;
        // First what can be narrower is thought of as narrow; what then has room gets it back.
        int Narrow(int at) => Math.Min(columns[at].Least ?? natural[at], natural[at]);
        while (Room(EnoughForLast, Narrow) < 0 && shown.Exists(at => columns[at].Drop > 0))
            shown.Remove(shown.MaxBy(at => columns[at].Drop));
        foreach (var at in shown.Where(at => at != last && columns[at].Least < natural[at]))
            natural[at] = Math.Max(columns[at].Least!.Value, natural[at] + Math.Min(0, Room(EnoughForLast, at => natural[at])));
        // Where even so there is no room for the last one, it has lines of its own.
        var isBelow = Room(LeastForLast, at => natural[at]) < 0 && shown.Count > 1;
        if (isBelow)
            shown.Remove(last);
        natural[last] = isBelow
            ? Math.Max(LeastForLast, Math.Min(natural[last], width - Gap.Length))
            : Math.Max(LeastForLast, Math.Min(natural[last], natural[last] + Room(natural[last], at => natural[at])));
        foreach (var row in all.Prepend([.. columns.Select(column => column.Title)]))
        {
            yield return Line(row);
            if (isBelow && row[last].Length > 0)
                yield return Gap + TextWidth.Cut(row[last], natural[last]);
        }

        // What is left where the last column has as much as it needs, up to so much.
        int Room(int enough, Func<int, int> widthOf) =>
            width - shown.Sum(at => at == last ? Math.Min(natural[at], enough) : widthOf(at)) - (Gap.Length * (shown.Count - 1));

        string Line(string[] cells) =>
            string.Join(
                    Gap,
                    shown.Select(at =>
                        at == last ? TextWidth.Cut(cells[at], natural[at])
                        : columns[at].IsRight ? new string(' ', natural[at] - TextWidth.Of(cells[at])) + cells[at]
                        : TextWidth.Fit(cells[at], natural[at])
                    )
                )
                .TrimEnd();
    }
}
