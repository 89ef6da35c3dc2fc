using System.Net;
using System.Net.Sockets;
using TgVault.Cli.Listening;
using TgVault.Cli.Terminal;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Listening;

/// <summary>Which connections are let in, and what is said of an address or a port that cannot be had.</summary>
public sealed class ListenPlanTests
{
    [Theory]
    [InlineData("loopback", "127.0.0.1 ::1", "10.0.0.1 192.168.1.5 203.0.113.1 fd00::1 2001:db8::1")]
    [InlineData(
        "lan",
        "127.0.0.1 ::1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.5 ::ffff:192.168.1.5 169.254.1.1 100.64.0.1 fd00::1 fe80::1",
        "172.15.255.255 172.32.0.1 203.0.113.1 ::ffff:203.0.113.1 8.8.8.8 100.128.0.1 2001:db8::1"
    )]
    [InlineData("203.0.113.1", "127.0.0.1 203.0.113.1", "192.168.1.5 203.0.113.2")]
    [InlineData("lan 2001:db8::1", "192.168.1.5 2001:db8::1", "2001:db8::2")]
    [InlineData("0.0.0.0", "127.0.0.1 ::1 192.168.1.5 203.0.113.1", "fd00::1 2001:db8::1")]
    [InlineData("::", "127.0.0.1 192.168.1.5 203.0.113.1 2001:db8::1", "")]
    public void Only_connections_to_the_addresses_of_the_settings_are_let_in(string settings, string accepted, string refused)
    {
        var plan = Plan(settings.Split(' '));

        Assert.All(accepted.Split(' '), address => Assert.True(plan.Accepts(IPAddress.Parse(address)), address));
        Assert.All(
            refused.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            address => Assert.False(plan.Accepts(IPAddress.Parse(address)), address)
        );
    }

    [Fact]
    public void By_default_and_with_other_loopback_addresses_no_other_machine_reaches_it()
    {
        Assert.False(Plan().IsReachable);
        Assert.False(new ListenPlan(new ListenSettings(), 1).IsReachable);
        Assert.False(Plan("127.0.0.1", "::1", "127.0.0.9").IsReachable);
        Assert.Empty(Plan("127.0.0.9").Typeable());
        Assert.True(Plan("192.168.1.5").IsReachable);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public void An_address_of_another_machine_is_refused_with_those_of_this_one(string address)
    {
        var exception = Assert.Throws<CommandFailedException>(Plan(address).Check);

        Assert.StartsWith(
            $"{address} is not an address of this machine, so the vault cannot listen there. It has",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("loopback")]
    [InlineData("lan")]
    [InlineData("127.0.0.2")]
    public void A_port_in_use_is_refused_whoever_has_it(string address)
    {
        using var taken = new TcpListener(address == "127.0.0.2" ? IPAddress.Parse(address) : IPAddress.Loopback, Free.Port());
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var exception = Assert.Throws<CommandFailedException>(new ListenPlan(new ListenSettings { Addresses = [address] }, port).Check);

        Assert.Equal($"Port {port} is taken by another program. Choose another with --port.", exception.Message);
    }

    static ListenPlan Plan(params string[] addresses) => new(new ListenSettings { Addresses = [.. addresses] }, Free.Port());
}
