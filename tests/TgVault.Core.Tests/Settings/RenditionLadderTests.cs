using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Settings;

public sealed class RenditionLadderTests
{
    [Theory]
    [InlineData("", new int[0])]
    [InlineData("  ", new int[0])]
    [InlineData("720p", new[] { 720 })]
    [InlineData("480p, 1080p ,720p", new[] { 1080, 720, 480 })]
    [InlineData("144p,2160p", new[] { 2160, 144 })]
    [InlineData("144p,146p,148p,150p,152p,154p", new[] { 154, 152, 150, 148, 146, 144 })]
    public void A_ladder_is_read_largest_first(string text, int[] expected) =>
        Assert.Equal(expected, RenditionLadder.TryParse(text)!.Value);

    [Theory]
    [InlineData("720")]
    [InlineData("142p")]
    [InlineData("2162p")]
    [InlineData("481p")]
    [InlineData("720p,720p")]
    [InlineData("720p,0720p")]
    [InlineData("720p,,480p")]
    [InlineData("720p;480p")]
    [InlineData("-720p")]
    [InlineData("99999999999p")]
    [InlineData("144p,146p,148p,150p,152p,154p,156p")]
    public void What_is_no_ladder_is_refused(string text) => Assert.Null(RenditionLadder.TryParse(text));
}
