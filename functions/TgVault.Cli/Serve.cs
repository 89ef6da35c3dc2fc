using System.Net;
using Microsoft.Extensions.Logging.Console;
using TgVault.Cli.Listening;
using TgVault.Cli.Terminal;
using TgVault.Core.Hosting;
using TgVault.Core.Settings;
using TgVault.Web;
using TgVault.Web.Telemetry;

namespace TgVault.Cli;

/// <summary>The vault itself as an HTTP server in this process.</summary>
static class Serve
{
    /// <exception cref="CommandFailedException">Settings are wrong; the message lists all problems, one a line.</exception>
    public static VaultSettings ReadSettings(IConfiguration configuration)
    {
        var (settings, problems) = VaultSettingsReader.Read(configuration);
        if (problems.IsEmpty)
            return settings;
        foreach (var problem in problems)
            Failures.Print(problem);
        throw new CommandFailedException(
            $"The vault does not start: {(problems.Length == 1 ? "a setting is" : $"{problems.Length} settings are")} wrong."
        );
    }

    /// <summary>Starts answering; returns once it listens.</summary>
    /// <exception cref="CommandFailedException">The port was taken meanwhile.</exception>
    public static async Task<WebApplication> StartAsync(VaultSettings settings, VaultListener listener, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(SendQueue.Limit);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            listener.Apply(kestrel);
        });
        ServerStop.Register(builder.Services);
        builder.Logging.ClearProviders();
        builder
            .Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Azure", LogLevel.Warning)
            // Says in a page of stack trace what is thrown anyway.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // Which form lines have is read from the environment, as docs/operate.md says; what each form looks like is said here.
        builder.Logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // The builder's own choice comes first otherwise, whatever the environment says.
            console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple;
        });
        builder.Services.Configure<SimpleConsoleFormatterOptions>(lines =>
            (lines.SingleLine, lines.TimestampFormat, lines.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Disabled)
        );
        builder.Services.Configure<JsonConsoleFormatterOptions>(lines =>
            (lines.TimestampFormat, lines.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true)
        );
        builder.Services.AddSingleton(TimeProvider.System);
        var foundation = await VaultFoundation.OpenAsync(settings, TimeProvider.System, cancellationToken);
        builder.Services.AddVault(settings, foundation).AddIngestRunner().AddVaultWeb().AddVaultTelemetry(builder.Configuration);
        builder.Services.AddSingleton(listener.Hosts).AddSingleton(listener.Urls);
        var app = builder.Build();
        app.MapVault();
        try
        {
            await app.Services.PrepareVaultAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch (IOException exception) when (listener.Describe(exception) is { } what)
        {
            await app.DisposeAsync();
            throw new CommandFailedException(what, exception);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the vault says that it and all it stands on work.</summary>
    /// <exception cref="CommandFailedException">It did not within the limit.</exception>
    public static Task WaitUntilHealthyAsync(Uri url, TimeSpan limit, CancellationToken cancellationToken) =>
        WaitUntilHealthyAsync(url, limit, TimeSpan.FromSeconds(10), cancellationToken);

    /// <param name="longestAnswer">So long one answer is waited for; then it is asked again.</param>
    internal static async Task WaitUntilHealthyAsync(Uri url, TimeSpan limit, TimeSpan longestAnswer, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = url, Timeout = longestAnswer };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        var last = "it did not answer";
        try
        {
            while (true)
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri("/api/health", UriKind.Relative), deadline.Token);
                    if (answer.StatusCode == HttpStatusCode.OK)
                        return;
                    last = await answer.Content.ReadAsStringAsync(deadline.Token);
                }
                catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
                {
                    // One answer took too long: a busy machine, or one that was suspended. That is no reason to end.
                }

                await Task.Delay(100, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"The vault did not come up: {last}");
        }
    }
}
