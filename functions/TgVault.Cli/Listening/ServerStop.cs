using Microsoft.AspNetCore.Hosting.Server;

namespace TgVault.Cli.Listening;

/// <summary>The end of a vault of this process: in good order, and soon.</summary>
static class ServerStop
{
    // A player asks again, an upload goes on from its last block: a request is not worth a long wait.
    static readonly TimeSpan RequestGrace = TimeSpan.FromSeconds(1);

    // The rows know how far work is; what is under way ends at its next await.
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    /// <summary>Ends the engine as soon as the requests; needs <see cref="Register"/>.</summary>
    public static async Task StopAsync(WebApplication app)
    {
        using var grace = new CancellationTokenSource(RequestGrace);
        using var longest = new CancellationTokenSource(LongestStop);
        // The server ends once: told here with its own limit, it is only waited for by the host.
        var requests = app.Services.GetRequiredService<IServer>().StopAsync(grace.Token);
        await app.StopAsync(longest.Token);
        await requests;
    }

    /// <summary>Lets the engine stop beside the server, and leaves signals to the command line.</summary>
    public static IServiceCollection Register(IServiceCollection services) =>
        services
            .AddSingleton<IHostLifetime, CommandLifetime>()
            .Configure<HostOptions>(host => (host.ServicesStopConcurrently, host.ShutdownTimeout) = (true, LongestStop));

    /// <summary>Lives until the command stops it.</summary>
    sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
