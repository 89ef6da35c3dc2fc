using System.Net;
using System.Net.Sockets;

namespace TgVault.Core.Webhooks;

/// <summary>
/// Which addresses are anybody's, and so none of the vault's own network: by IANA's registries of special-purpose addresses (RFC 6890), and
/// one of Azure's platform that looks public.
/// </summary>
static class PublicAddresses
{
    static readonly IPNetwork[] Special4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
        // Azure's wire server, which every virtual machine reaches ("What is IP address 168.63.129.16?", learn.microsoft.com).
        IPNetwork.Parse("168.63.129.16/32"),
    ];

    static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    static readonly IPNetwork[] Special6 = [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("3fff::/20")];

    // Addresses of version 6 that stand for one of version 4, and where its four bytes are: 6to4 (RFC 3056) and NAT64 (RFC 6052).
    static readonly (IPNetwork Network, int At)[] Translated = [(IPNetwork.Parse("2002::/16"), 2), (IPNetwork.Parse("64:ff9b::/96"), 12)];

    public static bool Has(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return Has(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Special4.Any(network => network.Contains(address));
        foreach (var (network, at) in Translated)
        {
            if (network.Contains(address))
                return Has(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)));
        }

        return Global6.Contains(address) && !Special6.Any(network => network.Contains(address));
    }
}
