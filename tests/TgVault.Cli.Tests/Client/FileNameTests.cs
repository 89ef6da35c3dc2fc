using System.Text;
using TgVault.Cli.Client;

namespace TgVault.Cli.Tests.Client;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("film.mp4", "film.mp4")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\\b.mp4", "b.mp4")]
    [InlineData("..", "untitled")]
    [InlineData("", "untitled")]
    [InlineData("two\nlines.mp4", "two lines.mp4")]
    public void A_name_stays_in_its_folder(string name, string expected) => Assert.Equal(expected, FileDownload.FileName(name));

    [Fact]
    public void A_name_fits_the_file_system_and_keeps_its_extension()
    {
        var name = FileDownload.FileName(string.Concat(Enumerable.Repeat("\U0001F3AC", 120)) + ".mp4");

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 240, 255);
        Assert.EndsWith("\U0001F3AC.mp4", name, StringComparison.Ordinal);
    }
}
