using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Settings;

namespace TgVault.Web.Reach;

/// <summary>
/// The hosts that requests may be for. A site can give its name this machine's address (DNS rebinding), and its pages could then talk
/// to the vault as if it were theirs; their requests still say that name. Links begin with the request's host, so it must be right.
/// </summary>
public sealed class AllowedHosts
{
    const string LocalName = "localhost";

    readonly FrozenSet<string> _hosts;
    readonly string[] _suffixes;
    readonly bool _isAny;
    readonly bool _isMachine;

    AllowedHosts(IEnumerable<string> hosts, bool isMachine)
    {
        var all = hosts.ToList();
        _hosts = all.Select(Canonical).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _suffixes = [.. all.Where(host => host.StartsWith("*.", StringComparison.Ordinal)).Select(host => host[1..])];
        _isAny = all.Contains("*");
        _isMachine = isMachine;
    }

    /// <summary>For a platform that binds hosts itself: any, unless the settings name some.</summary>
    public static AllowedHosts OfPlatform(VaultSettings settings) =>
        new(settings.AllowedHosts.IsEmpty ? (IEnumerable<string>)["*"] : Configured(settings), isMachine: false);

    /// <summary>
    /// For a server of this process: loopback, what the settings name, and the address that a connection came to, with the names.
    /// </summary>
    /// <param name="names">This machine's own, where it is reached from others; empty otherwise.</param>
    public static AllowedHosts OfMachine(VaultSettings settings, IEnumerable<string> names) =>
        new([LocalName, .. Configured(settings), .. names], isMachine: true);

    /// <summary>Whether the request is for one of them; its port does not matter.</summary>
    public bool Allow(HttpContext context)
    {
        if (_isAny)
            return true;
        var host = Canonical(context.Request.Host.Host);
        if (_hosts.Contains(host) || _suffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
            return true;
        return _isMachine
            && IPAddress.TryParse(host, out var address)
            && (IPAddress.IsLoopback(address) || address.Equals(Unmapped(context.Connection.LocalIpAddress)));
    }

    static ImmutableArray<string> Configured(VaultSettings settings) =>
        settings.PublicUrl.Length > 0 ? settings.AllowedHosts.Add(new Uri(settings.PublicUrl).IdnHost) : settings.AllowedHosts;

    /// <summary>Without the brackets of IPv6 and the dot of the root; addresses in the one way that they are written.</summary>
    static string Canonical(string host)
    {
        var bare = host.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(bare, out var address) ? Unmapped(address)!.ToString() : bare;
    }

    static IPAddress? Unmapped(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
