using TgVault.Cli.Commands;
using TgVault.Cli.Commands.Linking;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Commands;

public sealed class VaultOptionsTests : IDisposable
{
    static readonly Func<string, string?> Elsewhere = name =>
        name switch
        {
            "TGVAULT_URL" => "https://vault.example/base",
            "TGVAULT_KEY" => "environment",
            _ => null,
        };

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_named_folder_wins_over_the_environment_and_brings_its_own_key()
    {
        using var folder = VaultFolder.Open(_folder);
        folder.Announce(new RunningVault("http://localhost:7071", "local", 1));

        Assert.Equal((new Uri("http://localhost:7071/"), "local"), VaultOptions.Resolve(null, _folder, null, Elsewhere));
        Assert.Equal((new Uri("http://localhost:7071/"), "given"), VaultOptions.Resolve(null, _folder, "given", Elsewhere));
    }

    [Fact]
    public void The_environment_names_a_vault_elsewhere_and_an_option_another()
    {
        Assert.Equal((new Uri("https://vault.example/base/"), "environment"), VaultOptions.Resolve(null, null, null, Elsewhere));
        Assert.Equal((new Uri("https://other.example/"), "given"), VaultOptions.Resolve("https://other.example", null, "given", Elsewhere));
    }

    [Theory]
    [InlineData("ftp://vault.example", "key")]
    [InlineData("vault.example", "key")]
    [InlineData("https://vault.example", null)]
    [InlineData("https://vault.example", "two\nlines")]
    public void What_cannot_be_a_vault_or_a_key_is_refused(string url, string? key) =>
        Assert.Throws<CommandFailedException>(() => VaultOptions.Resolve(url, null, key, _ => null));

    [Theory]
    [InlineData("mp4", "https://v.example/v/t.o.k/video.mp4")]
    [InlineData("hls", "https://v.example/v/t.o.k/hls/master.m3u8")]
    [InlineData("dash", "https://v.example/v/t.o.k/dash/manifest.mpd")]
    [InlineData("embed", "https://v.example/embed/t.o.k")]
    public void A_link_of_each_kind_lies_beside_the_file(string kind, string expected) =>
        Assert.Equal(expected, LinkCommand.UrlOf("https://v.example/v/t.o.k/video.mp4", "t.o.k", kind));
}
