using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Videos;

public sealed class VideoNameTests
{
    [Theory]
    [InlineData("clip.mp4", "clip.mp4")]
    [InlineData("  clip.mp4  ", "clip.mp4")]
    [InlineData("a \"quoted\" name.mp4", "a \"quoted\" name.mp4")]
    [InlineData("two\nlines\r.mp4", "two lines .mp4")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\boot.ini", "boot.ini")]
    [InlineData("/", "untitled")]
    [InlineData("..", "untitled")]
    [InlineData("", "untitled")]
    [InlineData(null, "untitled")]
    [InlineData("\u202Egpj.exe", "gpj.exe")]
    [InlineData("family 👩‍👩‍👧 film.mp4", "family 👩‍👩‍👧 film.mp4")]
    public void Names_are_kept_as_one_line_without_a_path(string? given, string kept)
    {
        Assert.Equal(kept, VideoName.Clean(given));
    }

    [Fact]
    public void A_long_name_is_cut_and_keeps_its_extension()
    {
        var cleaned = VideoName.Clean(new string('x', 300) + ".mp4");

        Assert.Equal(255, cleaned.Length);
        Assert.EndsWith("x.mp4", cleaned, StringComparison.Ordinal);
    }

    [Fact]
    public void Cutting_splits_no_character()
    {
        var cleaned = VideoName.Clean(string.Concat(Enumerable.Repeat("🎬", 200)) + ".mkv");

        Assert.True(cleaned.Length <= 255);
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cleaned)));
    }
}
