using System.Text;
using TgVault.Core.Captioning;

namespace TgVault.Core.Tests.Captioning;

public sealed class SubRipTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void A_file_becomes_WebVTT_whatever_its_lines_end_in(string lineEnd)
    {
        var text =
            "\uFEFF1\n00:00:01,500 --> 00:00:03,000\nFirst\nsecond line\n\n2\n1:02:03.004 --> 01:02:04,005 X1:10 X2:20\nLater\n".Replace(
                "\n",
                lineEnd,
                StringComparison.Ordinal
            );

        Assert.Equal(
            "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\nFirst\nsecond line\n\n01:02:03.004 --> 01:02:04.005\nLater\n\n",
            Encoding.UTF8.GetString(Read(text).Write())
        );
    }

    [Theory]
    [InlineData("<i>a</i> <B>b</B> <u>c", "<i>a</i> <b>b</b> <u>c")]
    [InlineData("1 < 2 > 0 & <3 &amp;", "1 &lt; 2 &gt; 0 &amp; &lt;3 &amp;amp;")]
    [InlineData("<script>x</script><ib>", "&lt;script&gt;x&lt;/script&gt;&lt;ib&gt;")]
    [InlineData("<font color=\"#ff0000\">red</font> <fontx>", "red &lt;fontx&gt;")]
    [InlineData("{\\an8}top {brace} {\\i1", "top {brace} {\\i1")]
    [InlineData("a --> b", "a --&gt; b")]
    [InlineData("Grüße, 世界 🎬", "Grüße, 世界 🎬")]
    public void Italics_bold_and_underlining_are_kept_and_the_rest_is_text(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(Read($"1\n00:00:01,000 --> 00:00:02,000\n{text}\n").Cues).Text);

    [Fact]
    public void Texts_are_put_in_order_and_what_shows_nothing_is_left_out()
    {
        var cues = Read(
            "1\n00:00:05,000 --> 00:00:06,000\nb\n\n2\n00:00:01,000 --> 00:00:01,000\nnever\n\n3\n00:00:02,000 --> 00:00:03,000\n\n"
                + "4\n00:00:00,000 --> 00:00:09,000\na\n"
        ).Cues;

        Assert.Equal(["a", "b"], cues.Select(cue => cue.Text));
    }

    [Fact]
    public void A_blank_line_inside_a_text_does_not_end_it_and_numbers_inside_are_text()
    {
        var cues = Read(
            "1\n00:00:01,000 --> 00:00:02,000\nYear\n1984\n\nby Orwell\n\n00:00:03,000 --> 00:00:04,000\n42\n\n3\n"
                + "00:00:05,000 --> 00:00:06,000\nend\n"
        ).Cues;

        Assert.Equal(["Year\n1984\nby Orwell", "42", "end"], cues.Select(cue => cue.Text));
    }

    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:xx,000\na", "Line 2: the times cannot be read")]
    [InlineData("1\n00:00:01,000 --> 00:61:00,000\na", "Line 2: the times cannot be read")]
    [InlineData("1\n00:00:01,000 --> \na", "Line 2: the times cannot be read")]
    [InlineData("1\n00:00:01,00 --> 00:00:02,000\na", "Line 2: the times cannot be read")]
    [InlineData("1\n99999:00:01,000 --> 99999:00:02,000\na", "Line 2: the times cannot be read")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:05,000 --> 00:00:04,000\nb", "Line 6: the text ends before it begins")]
    [InlineData("This is a letter.\n1\n00:00:01,000 --> 00:00:02,000\na", "Line 1: this is no SubRip")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\na", "Line 1: this is no SubRip")]
    [InlineData("", "no text in it to show")]
    [InlineData("1\n2\n3\n", "no text in it to show")]
    public void A_mistake_is_told_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<MediaException>(() => Read(text)).Message, StringComparison.Ordinal);

    static CaptionText Read(string text) => SubRip.Read(Encoding.UTF8.GetBytes(text));
}
