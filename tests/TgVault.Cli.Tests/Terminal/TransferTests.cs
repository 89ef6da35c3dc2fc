using Microsoft.Extensions.Time.Testing;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Terminal;

public sealed class TransferTests
{
    readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_block_that_is_sent_again_makes_nothing_go_back_and_no_rate_negative()
    {
        var transfer = new Transfer("film.mkv", _time);
        for (var mebibytes = 0; mebibytes <= 40; mebibytes++)
        {
            transfer.Report((mebibytes << 20, 100 << 20));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        transfer.Report((10 << 20, 100 << 20));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(40, transfer.Percent);
        Assert.Contains("40 MiB of 100 MiB", transfer.LineOf(80), StringComparison.Ordinal);
        Assert.DoesNotContain('-', transfer.LineOf(80));
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds_and_falls_where_nothing_comes()
    {
        var transfer = new Transfer("film.mkv", _time);
        for (var second = 0; second <= 20; second++)
        {
            transfer.Report((second << 20, 120 << 20));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var before = transfer.LineOf(80);
        _time.Advance(TimeSpan.FromSeconds(14));

        Assert.Contains("KiB/s", before, StringComparison.Ordinal);
        Assert.Contains("left", before, StringComparison.Ordinal);
        Assert.NotEqual(before, transfer.LineOf(80));
    }

    [Fact]
    public void What_is_waited_for_stands_in_place_of_the_rate_and_is_said_once_where_there_is_no_bar()
    {
        var said = new List<string>();
        var transfer = new Transfer("film.mkv", _time, said.Add);
        transfer.Report((50, 100));

        transfer.Note("no answer");
        transfer.Note("no answer");

        Assert.Equal(["no answer"], said);
        Assert.Contains("no answer", transfer.LineOf(80), StringComparison.Ordinal);
        transfer.Note(null);
        Assert.DoesNotContain("no answer", transfer.LineOf(80), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(78)]
    [InlineData(200)]
    public void The_line_fits(int width)
    {
        var state = new TransferState(new string('\u6f22', 60), 1_000_000_000, 3_000_000_000, 12_345_678, null);

        Assert.InRange(TextWidth.Of(TransferLine.Of(state, width)), 1, width);
        Assert.InRange(TextWidth.Of(TransferLine.Of(state with { Note = "no answer, trying again ..." }, width)), 1, width);
        Assert.InRange(TextWidth.Of(TransferLine.Of(state with { Total = 0 }, width)), 1, width);
    }
}
