using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace TgVault.Cli.Listening;

/// <summary>Under which addresses and names other machines know this one.</summary>
static class MachineAddresses
{
    static readonly ImmutableArray<IPNetwork> PrivateNetworks =
    [
        // RFC 1918, RFC 6598 (shared; many overlay networks), RFC 3927 (link-local).
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("169.254.0.0/16"),
        // RFC 4193 (unique local), RFC 4291 (link-local).
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
    ];

    /// <summary>The host's name, and the names that routers and multicast DNS make of it.</summary>
    public static IEnumerable<string> Names
    {
        get
        {
            var name = Dns.GetHostName();
            yield return name;
            yield return $"{name.Split('.')[0]}.local";
            if (
                !name.Contains('.', StringComparison.Ordinal)
                && IPGlobalProperties.GetIPGlobalProperties().DomainName is { Length: > 0 } domain
            )
                yield return $"{name}.{domain}";
        }
    }

    /// <summary>Whether the address leads to a private network, not into the internet. Loopback is neither.</summary>
    public static bool IsPrivate(IPAddress address) => PrivateNetworks.Any(network => network.Contains(address));

    /// <summary>All but loopback, the likeliest for a phone first: with a way out, then of IPv4, then the others.</summary>
    public static IReadOnlyList<MachineAddress> All() =>
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus is not OperationalStatus.Down)
                .Select(network => network.GetIPProperties())
                .SelectMany(network => network.UnicastAddresses.Select(found => new MachineAddress(found.Address, HasGateway(network))))
                .Where(found => !IPAddress.IsLoopback(found.Address))
                .OrderByDescending(found => found.HasWayOut)
                .ThenBy(found => found.Address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .ThenBy(found => found.Address.IsIPv6LinkLocal)
                .Distinct(),
        ];

    static bool HasGateway(IPInterfaceProperties properties) =>
        properties.GatewayAddresses.Any(gateway => !gateway.Address.Equals(IPAddress.Any));
}

/// <summary>One address of this machine.</summary>
/// <param name="Address">The address.</param>
/// <param name="HasWayOut">Whether its network leads on to others; those of containers and virtual machines do not.</param>
readonly record struct MachineAddress(IPAddress Address, bool HasWayOut);
