using System.Net;
using System.Net.Sockets;

namespace TgVault.Testing;

/// <summary>Things that must not collide between tests that run at the same time.</summary>
public static class Free
{
    // Below what Linux gives to outgoing connections and to listeners without a wish (net.ipv4.ip_local_port_range):
    // one from there could be taken before the process it is meant for listens.
    const int FirstPort = 20_000;
    const int Ports = 12_000;

    static int _next = Random.Shared.Next(Ports);

    /// <summary>A loopback port that nothing listens on at this moment, another one each time.</summary>
    public static int Port()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref _next) % Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
