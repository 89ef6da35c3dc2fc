using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Terminal;

/// <summary>Tables and bars fit a terminal of 80 columns, whatever the names are.</summary>
public sealed class TableLinesTests
{
    const string Id = "7ybqe5mey0d4prett2n7vxzdex";

    static readonly Column[] Columns =
    [
        new("ID"),
        new("STATE"),
        new("LENGTH", Drop: 2, IsRight: true),
        new("SIZE", Drop: 3, IsRight: true),
        new("CREATED", Drop: 4),
        new("FOLDER", Least: 10, Drop: 1),
        new("NAME"),
    ];

    public static TheoryData<string> Names =>
        [
            "film.mkv",
            string.Concat(Enumerable.Repeat("long ", 60)),
            string.Concat(Enumerable.Repeat("\u6f22\u5b57", 40)),
            string.Concat(Enumerable.Repeat("\U0001F468\u200D\U0001F469\u200D\U0001F467", 30)),
            "e\u0301" + new string('x', 100),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_stay_whole_and_nothing_runs_over(string name)
    {
        string[][] rows =
        [
            [Id, "storing 45%", "1:52:03", "1023.9 MiB", "2026-11-28 19:33", "Films/Kids/" + new string('f', 50), name],
            [Id, "ready", "0:09", "1 B", "2026-11-28 19:33", "", name],
        ];

        var lines = TableLines.Of(Columns, rows, 80).ToList();

        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.InRange(TextWidth.Of(line), 1, 80));
        Assert.All(lines.Skip(1), line => Assert.StartsWith(Id + "  ", line, StringComparison.Ordinal));
        Assert.StartsWith("ID ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("NAME", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_room_all_is_shown()
    {
        string[][] rows =
        [
            [Id, "ready", "1:52:03", "1.4 GiB", "2026-11-28 19:33", "Films", "film.mkv"],
        ];

        var lines = TableLines.Of(Columns, rows, 120).ToList();

        Assert.Equal($"{Id}  ready  1:52:03  1.4 GiB  2026-11-28 19:33  Films   film.mkv", lines[1]);
    }

    [Fact]
    public void In_a_narrow_terminal_names_have_lines_of_their_own_and_nothing_runs_over()
    {
        var lines = TableLines
            .Of(
                Columns,
                [
                    [Id, "storing 45%", "0:09", "1 B", "", "Films", new string('n', 60)],
                ],
                40
            )
            .ToList();

        Assert.Equal(4, lines.Count);
        Assert.All(lines, line => Assert.InRange(TextWidth.Of(line), 1, 40));
        Assert.Equal($"{Id}  storing 45%", lines[2]);
        Assert.StartsWith("  nnnn", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void The_length_of_a_film_is_shown_at_80_columns_rather_than_the_whole_folder()
    {
        string[][] rows =
        [
            [Id, "ready", "1:52:03", "1.4 GiB", "2026-11-28 19:33", new string('f', 40), new string('n', 40)],
        ];

        Assert.Contains("1:52:03", TableLines.Of(Columns, rows, 80).Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one two three", 7, new[] { "one two", "three" })]
    [InlineData("Type `./tgvault show ID` now", 10, new[] { "Type", "`./tgvault show ID`", "now" })]
    [InlineData("muchtoolong", 4, new[] { "muchtoolong" })]
    [InlineData("an odd ` tick", 6, new[] { "an odd", "` tick" })]
    [InlineData("", 4, new[] { "" })]
    public void Sentences_are_broken_between_words_and_what_is_to_be_copied_stays_whole(string text, int width, string[] lines) =>
        Assert.Equal(lines, TextWidth.Wrap(text, width));

    [Theory]
    [InlineData("film", 4)]
    [InlineData("\u6f22\u5b57", 4)]
    [InlineData("\U0001F3AC", 2)]
    [InlineData("\u2764\uFE0F", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("", 0)]
    public void Width_is_counted_as_terminals_do(string text, int width) => Assert.Equal(width, TextWidth.Of(text));

    [Theory]
    [InlineData("film.mkv", 8, "film.mkv")]
    [InlineData("film.mkv", 5, "film…")]
    [InlineData("\u6f22\u5b57\u6f22", 5, "\u6f22\u5b57…")]
    [InlineData("\u6f22\u5b57\u6f22", 4, "\u6f22…")]
    public void A_cut_never_splits_a_letter(string text, int width, string expected) => Assert.Equal(expected, TextWidth.Cut(text, width));
}
