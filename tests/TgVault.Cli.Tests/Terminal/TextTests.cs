using System.Globalization;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Terminal;

public sealed class TextTests
{
    [Theory]
    [InlineData("plain [markup] \U0001F3AC \u00e9", "plain [markup] \U0001F3AC \u00e9")]
    [InlineData("a\u001b[31mb\r\n\tc", "a\ufffd[31mb\ufffd\ufffd\ufffdc")]
    [InlineData("\u009b31m\u202egpj\u2028", "\ufffd31m\ufffdgpj\ufffd")]
    [InlineData("a\u00ad\u200e\u061c\ufeff\ufff9\u2065\ufff0\ue000", "a\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd")]
    [InlineData("\U000E0041\U000F0000", "\ufffd\ufffd")]
    [InlineData("\u06cc\u200c \U0001F469\u200d\U0001F680", "\u06cc\u200c \U0001F469\u200d\U0001F680")]
    public void Nothing_that_moves_a_cursor_reaches_the_terminal(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(2L << 30, "2 GiB")]
    public void Sizes_are_short(long bytes, string expected) => Assert.Equal(expected, Units.Size(bytes));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("12h", 43_200)]
    [InlineData("7d", 604_800)]
    [InlineData("2w", 1_209_600)]
    [InlineData("0d", null)]
    [InlineData("7", null)]
    [InlineData("d", null)]
    [InlineData("-7d", null)]
    [InlineData("2147483647w", null)]
    [InlineData("1y", 31_536_000)]
    [InlineData("7x", null)]
    [InlineData("9999d", null)]
    [InlineData("never", null)]
    public void A_lifetime_is_a_number_and_a_unit(string text, object? seconds)
    {
        var expected = seconds is null ? (TimeSpan?)null : TimeSpan.FromSeconds(Convert.ToInt64(seconds, CultureInfo.InvariantCulture));

        Assert.Equal(expected, Units.ParseLifetime(text));
    }

    [Theory]
    [InlineData("1536", 1536L)]
    [InlineData("500MiB", 500L << 20)]
    [InlineData("1.5gib", 3L << 29)]
    [InlineData("2 GB", 2_000_000_000L)]
    [InlineData("1TiB", 1L << 40)]
    [InlineData("0", null)]
    [InlineData("0.0001KiB", null)]
    [InlineData("MiB", null)]
    [InlineData("-1MiB", null)]
    [InlineData("5 films", null)]
    [InlineData("1.2.3", null)]
    [InlineData("99999999999TiB", null)]
    [InlineData("99999999999999999999999999999999", null)]
    public void A_size_is_a_number_with_or_without_a_unit(string text, object? bytes) => Assert.Equal(bytes, Units.ParseSize(text));
}
