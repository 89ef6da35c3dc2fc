using System.Net;
using TgVault.Core.Settings;

namespace TgVault.Core.Hosting;

/// <summary>What settings on listening, hosts and proxies must fulfil.</summary>
static class ReachRules
{
    public static IEnumerable<string> Check(VaultSettings settings)
    {
        if (
            settings.PublicUrl.Length > 0
            && !(
                VaultSettingsRules.IsUrl(settings.PublicUrl, "https", "http")
                && new Uri(settings.PublicUrl) is { Query: "", Fragment: "", UserInfo: "" }
            )
        )
            yield return "TgVault:PublicUrl must be an http or https URL such as https://video.example.org, or be left out.";
        for (var i = 0; i < settings.AllowedHosts.Length; i++)
        {
            if (!IsHost(settings.AllowedHosts[i]))
                yield return $"TgVault:AllowedHosts:{i} must be a host without scheme and port, such as video.example.org, "
                    + "*.example.org or 192.168.1.5, or * for any.";
        }

        for (var i = 0; i < settings.TrustedProxies.Length; i++)
        {
            if (!IPNetwork.TryParse(settings.TrustedProxies[i], out _) && !IPAddress.TryParse(settings.TrustedProxies[i], out _))
                yield return $"TgVault:TrustedProxies:{i} must be an address such as 127.0.0.1, or a network such as 10.0.0.0/8.";
        }

        foreach (var problem in CheckListen(settings.Listen))
            yield return problem;
    }

    static IEnumerable<string> CheckListen(ListenSettings listen)
    {
        for (var i = 0; i < listen.Addresses.Length; i++)
        {
            if (
                listen.Addresses[i] is not (ListenSettings.Loopback or ListenSettings.Lan)
                && !IPAddress.TryParse(listen.Addresses[i], out _)
            )
                yield return $"TgVault:Listen:Addresses:{i} must be loopback, lan, or an address of this machine.";
        }

        if (listen.CertificateKey.Length > 0 && listen.Certificate.Length == 0)
            yield return "TgVault:Listen:CertificateKey is set, but TgVault:Listen:Certificate is not.";
    }

    static bool IsHost(string text)
    {
        if (text == "*" || IPAddress.TryParse(text, out _))
            return true;
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return Uri.CheckHostName(name) == UriHostNameType.Dns && !name.EndsWith('.');
    }
}
