using System.CommandLine;
using Microsoft.Extensions.Configuration;
using TgVault.Cli.Commands.Running;
using TgVault.Core.Hosting;
using TgVault.Core.Settings;

namespace TgVault.Cli.Tests.Commands;

public sealed class ListenArgumentsTests
{
    static readonly (string, string)[] Environment =
    [
        ("TgVault:Listen:Addresses:0", "10.0.0.1"),
        ("TgVault:Listen:Addresses:1", "10.0.0.2"),
        ("TgVault:Listen:Certificate", "environment.pem"),
        ("TgVault:PublicUrl", "https://video.example.org"),
    ];

    [Theory]
    [InlineData("", "10.0.0.1 10.0.0.2")]
    [InlineData("--listen lan", "lan")]
    [InlineData("--listen 192.168.1.5,fd00::1", "192.168.1.5 fd00::1")]
    [InlineData("--listen 192.168.1.5 --listen lan", "192.168.1.5 lan")]
    public void Addresses_on_the_command_line_stand_in_for_all_of_the_environment(string line, string expected)
    {
        var listen = Read(line).Listen;

        Assert.Equal(expected.Split(' '), listen.Addresses.AsEnumerable());
        Assert.Equal("environment.pem", listen.Certificate);
    }

    [Fact]
    public void Certificate_and_key_can_be_given_there_and_other_settings_stay()
    {
        var settings = Read("--certificate fullchain.pem --certificate-key privkey.pem");

        Assert.Equal(("fullchain.pem", "privkey.pem"), (settings.Listen.Certificate, settings.Listen.CertificateKey));
        Assert.Equal("https://video.example.org", settings.PublicUrl);
    }

    static VaultSettings Read(string line)
    {
        var command = new Command("up");
        var arguments = new ListenArguments(command);
        var environment = new ConfigurationBuilder()
            .AddInMemoryCollection(Environment.Select(pair => KeyValuePair.Create(pair.Item1, (string?)pair.Item2)))
            .Build();
        return VaultSettingsReader.Read(arguments.Configure(command.Parse(line), environment)).Settings;
    }
}
