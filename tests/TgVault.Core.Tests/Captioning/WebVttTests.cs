using System.Text;
using TgVault.Core.Captioning;

namespace TgVault.Core.Tests.Captioning;

public sealed class WebVttTests
{
    [Fact]
    public void A_file_keeps_its_cues_settings_and_definitions_and_loses_comments()
    {
        const string text =
            "\uFEFFWEBVTT - a title\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: lime }\r\n\r\nREGION\r\nid:fred width:40%\r\n"
            + "\r\nNOTE to myself\r\nmore\r\n\r\n"
            + "intro\r\n00:01.000 --> 00:02.000  line:0   align:start nonsense foo:bar region:fred\r\n<v Bob>Hi &amp; <c.x>you</c>\r\n"
            + "line\r\n\r\nNOTE\r\n\r\n01:00:00.000-->01:00:01.500\r\nlast";

        Assert.Equal(
            "WEBVTT\n\nSTYLE\n::cue { color: lime }\n\nREGION\nid:fred width:40%\n\nintro\n"
                + "00:00:01.000 --> 00:00:02.000 line:0 align:start region:fred\n<v Bob>Hi &amp; <c.x>you</c>\nline\n\n"
                + "01:00:00.000 --> 01:00:01.500\nlast\n\n",
            Encoding.UTF8.GetString(Read(text).Write())
        );
    }

    [Theory]
    [InlineData("1\n00:01.000 --> 00:02.000\na", "Line 1: this is no WebVTT")]
    [InlineData("WEBVTTX\n\n00:01.000 --> 00:02.000\na", "Line 1: this is no WebVTT")]
    [InlineData("", "Line 1: this is no WebVTT")]
    [InlineData("WEBVTT", "no text in it to show")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02,000\na", "Line 3: the times cannot be read")]
    [InlineData("WEBVTT\n\n1:00.000 --> 00:02.000\na", "Line 3: the times cannot be read")]
    [InlineData("WEBVTT\n\nid\n00:60.000 --> 01:02.000\na", "Line 4: the times cannot be read")]
    [InlineData("WEBVTT\n\n00:02.000 --> 00:02.000\na", "Line 3: the text ends before it begins")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\na --> b", "Line 4: the times cannot be read")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\na\n\nlost words\nmore", "Line 6: this belongs to no text")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\na\n\nSTYLE\n::cue {}", "Line 6: this belongs to no text")]
    public void A_mistake_is_told_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<MediaException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Times_without_a_blank_line_before_them_begin_a_text()
    {
        var cues = Read("WEBVTT\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb").Cues;

        Assert.Equal(["a", "b"], cues.Select(cue => cue.Text));
    }

    [Fact]
    public void What_ffmpeg_writes_is_escaped_and_goes_on_behind_blank_lines()
    {
        var cues = WebVtt
            .ReadExtracted(
                "WEBVTT\n\n00:01.000 --> 00:02.000\nOne <i>x</i> & <y>\n\nTwo --> three\n\n00:03.000 --> 00:04.000\nb\n\n"u8,
                isCopied: false
            )
            .Cues;

        Assert.Equal(["One <i>x</i> &amp; &lt;y&gt;\nTwo --&gt; three", "b"], cues.Select(cue => cue.Text));
    }

    [Fact]
    public void A_part_has_what_is_shown_in_it_at_its_full_times()
    {
        var captions = Read("WEBVTT\n\n00:01.000 --> 00:03.000\nacross\n\n00:02.000 --> 00:04.000\nb\n\n00:04.000 --> 00:05.000\nc");

        Assert.Equal(
            "WEBVTT\nX\n\n00:00:01.500 --> 00:00:03.500\nacross\n\n00:00:02.500 --> 00:00:04.500\nb\n\n",
            Text(captions.Write("X", 500, 0, 4500))
        );
        Assert.Equal("WEBVTT\n\n00:00:02.000 --> 00:00:04.000\nb\n\n", Text(captions.Write("", 0, 3000, 4000)));
        Assert.Equal("WEBVTT\n\n", Text(captions.Write("", 0, 5000, 9000)));
    }

    static CaptionText Read(string text) => WebVtt.Read(Encoding.UTF8.GetBytes(text));

    static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
