using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Videos;

public sealed class LanguageTagTests
{
    [Theory]
    [InlineData("en", "en")]
    [InlineData("ENG", "en")]
    [InlineData("ger", "de")]
    [InlineData("deu-at", "de-AT")]
    [InlineData("PT-br", "pt-BR")]
    [InlineData("zh-hant-TW", "zh-Hant-TW")]
    [InlineData("zh-cmn-hans-cn", "zh-cmn-Hans-CN")]
    [InlineData("de-ch-1996", "de-CH-1996")]
    [InlineData("es-419", "es-419")]
    [InlineData("sl-rozaj-biske", "sl-rozaj-biske")]
    [InlineData("en-a-BBB-x-AB-cd", "en-a-bbb-x-ab-cd")]
    [InlineData("en-x-2", "en-x-2")]
    [InlineData("x-Klingon", "x-klingon")]
    [InlineData("und", "und")]
    [InlineData("tlh", "tlh")]
    public void A_well_formed_tag_takes_the_form_that_tags_are_compared_in(string text, string expected) =>
        Assert.Equal(expected, LanguageTag.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("en1")]
    [InlineData("en_US")]
    [InlineData("en-")]
    [InlineData("-en")]
    [InlineData("en--US")]
    [InlineData("en-a")]
    [InlineData("en-x")]
    [InlineData("en US")]
    [InlineData("en\n")]
    [InlineData("en/../de")]
    [InlineData("ęn")]
    [InlineData("en-toolongsubtag")]
    [InlineData("en-aaaaa-bbbbb-ccccc-ddddd-eeeee-fffff")]
    public void What_is_not_well_formed_is_no_tag(string text) => Assert.Null(LanguageTag.Parse(text));
}
