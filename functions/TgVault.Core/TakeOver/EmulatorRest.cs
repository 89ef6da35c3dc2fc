using System.Net.Sockets;

namespace TgVault.Core.TakeOver;

/// <summary>
/// Waits for an emulator that outlived its vault: after a kill -9 it writes what it has in memory, and ends. Its folder is not to be read
/// before that. It listens on a socket in its folder for as long as it runs.
/// </summary>
static class EmulatorRest
{
    const string LockName = "azurite.lock";

    // The emulator gives itself 20 s.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <exception cref="TakeOverException">It still runs after 30 s: somebody else's vault uses it.</exception>
    public static async Task WaitAsync(string folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(folder, LockName)))
            return;
        // Names of sockets have at most 107 bytes, so a short way leads to the folder.
        var shortcut = Path.Combine(Path.GetTempPath(), $"tgvault-{Guid.NewGuid():N}");
        Directory.CreateSymbolicLink(shortcut, Path.GetFullPath(folder));
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(shortcut, LockName)), cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Longest);
            // The emulator sends nothing: the answer is its end.
            await socket.ReceiveAsync(new byte[1], limit.Token);
        }
        catch (SocketException)
        {
            // Nobody listens, or it was killed while we waited: the file is left from an earlier run.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TakeOverException(
                $"The storage emulator of the version before still runs on {folder}: stop that vault first, then start this one again."
            );
        }
        finally
        {
            Directory.Delete(shortcut);
        }
    }
}
