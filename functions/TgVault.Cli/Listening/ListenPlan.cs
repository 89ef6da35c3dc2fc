using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using TgVault.Cli.Terminal;
using TgVault.Core.Settings;

namespace TgVault.Cli.Listening;

/// <summary>
/// On which addresses one port listens: always on loopback, and on those of the settings. Where addresses may come and go (lan), the port
/// is open on all, and <see cref="Accepts"/> says which connections are let in.
/// </summary>
sealed class ListenPlan
{
    readonly bool _isLan;
    readonly ImmutableArray<IPAddress> _addresses;

    public ListenPlan(ListenSettings settings, int port)
    {
        Port = port;
        _isLan = settings.Addresses.Contains(ListenSettings.Lan);
        _addresses =
        [
            .. settings
                .Addresses.Where(text => text is not (ListenSettings.Lan or ListenSettings.Loopback))
                .Select(text => IPAddress.Parse(text))
                .Distinct(),
        ];
    }

    public int Port { get; }

    /// <summary>Whether other machines reach it at all.</summary>
    public bool IsReachable => _isLan || _addresses.Any(address => !IPAddress.IsLoopback(address));

    /// <summary>Whether one socket takes the connections of all addresses.</summary>
    public bool IsWildcard => _isLan || _addresses.Any(IsAny);

    /// <summary>Addresses to listen on besides 127.0.0.1 and ::1; empty where <see cref="IsWildcard"/>.</summary>
    public IEnumerable<IPAddress> Explicit =>
        IsWildcard ? [] : _addresses.Where(address => !address.Equals(IPAddress.Loopback) && !address.Equals(IPAddress.IPv6Loopback));

    /// <summary>Whether a connection to this address of this machine is let in.</summary>
    public bool Accepts(IPAddress local)
    {
        var address = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        return IPAddress.IsLoopback(address)
            || _addresses.Contains(address)
            || _addresses.Contains(IPAddress.IPv6Any)
            || (address.AddressFamily == AddressFamily.InterNetwork && _addresses.Contains(IPAddress.Any))
            || (_isLan && MachineAddresses.IsPrivate(address));
    }

    /// <summary>
    /// The addresses that another machine can use at this moment, the likeliest first. Those of a network without a way out (containers,
    /// say) and of IPv6 only where there is no other, and link-local ones of IPv6 not at all: nobody can type them.
    /// </summary>
    public IReadOnlyList<IPAddress> Typeable()
    {
        if (!IsReachable)
            return [];
        if (!IsWildcard)
            return [.. _addresses.Where(address => !IPAddress.IsLoopback(address))];
        var found = MachineAddresses.All().Where(found => Accepts(found.Address) && !found.Address.IsIPv6LinkLocal).ToList();
        return found
            .GroupBy(address => (address.HasWayOut, address.Address.AddressFamily))
            .Select(network => network.Select(address => address.Address).ToList())
            .FirstOrDefault([]);
    }

    /// <summary>Tries all addresses, so that what is wrong is told before anything is started.</summary>
    /// <exception cref="CommandFailedException">One cannot be listened on; the message says why, and what to do.</exception>
    public void Check()
    {
        if (IsWildcard)
        {
            Try(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
            return;
        }

        Try(IPAddress.Loopback);
        if (Socket.OSSupportsIPv6)
            Try(IPAddress.IPv6Loopback, mayLack: true);
        foreach (var address in Explicit)
            Try(address);
    }

    /// <summary>What to tell a person whose port is another program's.</summary>
    public string Taken => $"Port {Port} is taken by another program. Choose another with --port.";

    void Try(IPAddress address, bool mayLack = false)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, Port));
            socket.Listen();
        }
        catch (SocketException exception)
        {
            if (mayLack && exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
                return;
            throw new CommandFailedException(Describe(exception, address), exception);
        }
    }

    string Describe(SocketException exception, IPAddress address) =>
        exception.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => Taken,
            SocketError.AccessDenied =>
                $"Port {Port} may be listened on with special rights only. Choose one from 1024 up with --port, and let a reverse proxy "
                    + "have this one, or give the service CAP_NET_BIND_SERVICE.",
            SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported =>
                $"{address} is not an address of this machine, so the vault cannot listen there. "
                    + (
                        MachineAddresses.All().Where(found => !found.Address.IsIPv6LinkLocal).ToList() is { Count: > 0 } all
                            ? $"It has {string.Join(", ", all.Select(found => found.Address))}; --listen lan takes all private ones."
                            : "It has none but loopback."
                    ),
            _ => $"The vault cannot listen on {address}, port {Port}: {exception.Message}.",
        };

    static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
