using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Web;

namespace TgVault.WebTesting;

/// <summary>The vault's routes on a Kestrel of their own, on a free loopback port. The test registers what they stand on.</summary>
public sealed class VaultHost : IAsyncDisposable
{
    readonly WebApplication _app;

    VaultHost(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
        // Cookies are sent by those who mean to.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
        };
        Client = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="register">What the routes stand on.</param>
    /// <param name="log">Where the log goes; nowhere otherwise.</param>
    /// <param name="prepare">What must be done before background services start.</param>
    public static async Task<VaultHost> StartAsync(
        Action<IServiceCollection> register,
        ILoggerProvider? log = null,
        Func<IServiceProvider, Task>? prepare = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore().AddVaultWeb();
        if (log is not null)
            builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        register(builder.Services);
        var app = builder.Build();
        app.MapVault();
        if (prepare is not null)
            await prepare(app.Services);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new VaultHost(app, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
