using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using TgVault.Cli.Terminal;
using TgVault.Core.Settings;
using TgVault.Web.Reach;

namespace TgVault.Cli.Listening;

/// <summary>
/// The one port of a vault of this process: pages, API, uploads and playback. On loopback it speaks plain HTTP, for nothing of that leaves
/// the machine; on other addresses TLS where there is a certificate.
/// </summary>
sealed class VaultListener
{
    readonly VaultSettings _settings;
    readonly ListenPlan _plan;
    readonly CertificateFiles? _certificate;

    VaultListener(VaultSettings settings, ListenPlan plan, CertificateFiles? certificate)
    {
        _settings = settings;
        _plan = plan;
        _certificate = certificate;
        Local = new Uri($"http://localhost:{plan.Port}");
        Others = [.. UrlsForOthers()];
    }

    /// <summary>Where programs on this machine reach it.</summary>
    public Uri Local { get; }

    /// <summary>Where other machines reach it, the likeliest first; empty where it listens on loopback only.</summary>
    public ImmutableArray<Uri> Others { get; }

    /// <summary>Looks at addresses, port and certificate, before anything listens.</summary>
    /// <exception cref="CommandFailedException">One of them cannot be used; the message says why.</exception>
    public static VaultListener Open(VaultSettings settings, int port, TimeProvider time)
    {
        var plan = new ListenPlan(settings.Listen, port);
        var certificate = CertificateFiles.Open(settings.Listen, time);
        plan.Check();
        return new VaultListener(settings, plan, certificate);
    }

    /// <summary>The hosts that this process answers for.</summary>
    public AllowedHosts Hosts =>
        AllowedHosts.OfMachine(_settings, [.. _plan.IsReachable ? MachineAddresses.Names : [], .. _certificate?.Hosts ?? []]);

    public VaultUrls Urls => new(_settings, Others.FirstOrDefault());

    public void Apply(KestrelServerOptions kestrel)
    {
        if (_certificate is not null)
            _certificate.Log = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("TgVault.Cli.Listening");
        if (_plan.IsWildcard)
        {
            kestrel.ListenAnyIP(_plan.Port, Beyond);
            return;
        }

        kestrel.ListenLocalhost(_plan.Port);
        foreach (var address in _plan.Explicit)
            kestrel.Listen(address, _plan.Port, Beyond);
    }

    /// <summary>What to tell where the server could not start listening; null for another failure.</summary>
    public string? Describe(IOException exception) =>
        exception.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
        || exception.Message.Contains("in use", StringComparison.Ordinal)
            ? _plan.Taken
            : null;

    IEnumerable<Uri> UrlsForOthers()
    {
        var scheme = _certificate is null ? "http" : "https";
        // An address seldom stands in a certificate.
        if (_plan.IsReachable && _certificate?.Hosts.FirstOrDefault(host => host[0] != '*') is { } host)
            return [new Uri($"{scheme}://{host}:{_plan.Port}")];
        return _plan.Typeable().Select(address => new Uri($"{scheme}://{new IPEndPoint(address, _plan.Port)}"));
    }

    void Beyond(ListenOptions listen)
    {
        listen.Use(next => connection => LocalOf(connection) is { } local && _plan.Accepts(local) ? next(connection) : Task.CompletedTask);
        if (_certificate is null)
            return;
        ConnectionDelegate? plain = null;
        listen.Use(next => connection => IPAddress.IsLoopback(LocalOf(connection)!) ? plain!(connection) : next(connection));
        listen.UseHttps(
            new TlsHandshakeCallbackOptions { OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(_certificate.Current()) }
        );
        // What comes after TLS, for connections that go around it.
        listen.Use(next => plain = next);
    }

    static IPAddress? LocalOf(ConnectionContext connection) =>
        connection.LocalEndPoint is not IPEndPoint { Address: var address } ? null
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address;
}
