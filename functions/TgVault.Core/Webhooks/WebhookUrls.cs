using System.Net;
using System.Net.Sockets;
using TgVault.Core.Settings;

namespace TgVault.Core.Webhooks;

/// <summary>
/// To which addresses messages may be sent. What a name leads to is looked at here for the sake of a clear word, and again at every
/// connection, for a name may lead elsewhere by then.
/// </summary>
sealed class WebhookUrls(WebhookSettings settings)
{
    const int MostCharacters = 2000;

    const string Setting = "TgVault__Webhooks__AllowPrivateAddresses=true";

    static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    public static string Refusal(string host) => $"{host} is in a private network, or on this machine; {Setting} allows webhooks there.";

    /// <exception cref="ArgumentException">Nothing may be sent there; the message is meant for the caller.</exception>
    public async Task<Uri> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (
            text.Length > MostCharacters
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http")
            || url.UserInfo.Length > 0
            || url.Fragment.Length > 0
        )
            throw new ArgumentException(
                "must be an address such as https://example.org/hooks/tgvault, without user name and fragment and of at most "
                    + $"{MostCharacters} characters"
            );
        if (settings.AllowPrivateAddresses)
            return url;
        if (url.Scheme != "https")
            throw new ArgumentException($"must begin with https://; {Setting} allows http too");
        if (await LeadsNowhereElseAsync(url.IdnHost, cancellationToken))
            throw new ArgumentException($"leads to a private network, or to this machine; {Setting} allows that");
        return url;
    }

    /// <summary>The addresses of a host that may be connected to; none where it has private ones only.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        return settings.AllowPrivateAddresses ? addresses : [.. addresses.Where(PublicAddresses.Has)];
    }

    async Task<bool> LeadsNowhereElseAsync(string host, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            return (await FindAsync(host, limit.Token)).Length == 0;
        }
        catch (Exception exception)
            when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It may get its address later, and is looked at again then.
            return false;
        }
    }
}
