using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace TgVault.Cli.Listening;

/// <summary>
/// How much of an answer waits in the system to be sent. Linux takes some MiB for each connection, and what is fetched to fill that is
/// fetched far ahead of a viewer, who may go elsewhere; two hundred of them come to hundreds of MiB. What is on its way to the viewer does
/// not count, so a distant one still gets all that the line carries.
/// </summary>
static class SendQueue
{
    const int MostBytes = 128 << 10;

    // tcp(7): TCP_NOTSENT_LOWAT. Connections have it of the socket that they came in by.
    const int TcpLevel = 6;
    const int NotSentLowAt = 25;

    public static void Limit(SocketTransportOptions sockets) => sockets.CreateBoundListenSocket = Bind;

    static Socket Bind(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (!OperatingSystem.IsLinux() || endpoint is not IPEndPoint)
            return socket;
        try
        {
            socket.SetRawSocketOption(TcpLevel, NotSentLowAt, BitConverter.GetBytes(MostBytes));
        }
        catch (SocketException)
        {
            // A system that does not know it serves as well, only further ahead.
        }

        return socket;
    }
}
