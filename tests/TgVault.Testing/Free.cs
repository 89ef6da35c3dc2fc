using System.Net;
using System.Net.Sockets;

namespace TgVault.Testing;

/// <summary>Things that must not collide between tests that run at the same time.</summary>
public static class Free
{
    /// <summary>A loopback port that nothing listens on at this moment.</summary>
    public static int Port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
