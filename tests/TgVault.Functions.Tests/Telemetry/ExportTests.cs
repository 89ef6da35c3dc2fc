using System.Diagnostics;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TgVault.Core;
using TgVault.Testing;
using TgVault.Web.Telemetry;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>What the pipeline lets out, whatever is put into it.</summary>
public sealed partial class ExportTests
{
    const string Secret = "https://api.telegram.org/file/bot333333:AASecretOfSomebody/x";

    [Fact(Timeout = 60_000)]
    public async Task Of_an_exception_goes_what_it_is_and_only_the_vault_s_own_words()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var services = Start(receiver);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("TgVault.Core.Something");

        Failed(log, Thrown(() => throw new HttpRequestException($"No answer from {Secret}", new IOException($"{Secret} reset"))));
        Failed(log, Thrown(() => throw new VaultException("The words of the vault.", new HttpRequestException(Secret))));
        using (log.BeginScope(new Dictionary<string, object> { ["RequestPath"] = Secret }))
            Failed(log, Thrown(() => throw new TimeoutException(Secret)));
        services.GetRequiredService<LoggerProvider>().ForceFlush();

        Assert.True(receiver.Holds("/v1/logs", "System.Net.Http.HttpRequestException < System.IO.IOException"));
        Assert.True(receiver.Holds("/v1/logs", nameof(Of_an_exception_goes_what_it_is_and_only_the_vault_s_own_words)));
        Assert.True(receiver.Holds("/v1/logs", "The words of the vault."));
        Assert.False(receiver.Holds("", Secret));
        Assert.False(receiver.Holds("", "AASecretOfSomebody"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_what_others_log_trace_and_measure_nothing_goes()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var services = Start(receiver);
        var logs = services.GetRequiredService<ILoggerFactory>();
        using var source = new ActivitySource("Microsoft.AspNetCore");

        Failed(logs.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics"), new HttpRequestException(Secret));
        Failed(logs.CreateLogger("Azure.Core"), new HttpRequestException(Secret));
        source.StartActivity(Secret)?.Dispose();
        // So that something is sent at all.
        Failed(logs.CreateLogger("TgVault.Web"), new VaultException("Ours."));
        Core.Telemetry.VaultTrace.Source.StartActivity("ours")?.Dispose();
        Collected.Flush(services);

        Assert.True(receiver.Holds("/v1/logs", "Ours."));
        Assert.True(receiver.Holds("/v1/traces", "ours"));
        Assert.False(receiver.Holds("", Secret));
        Assert.False(receiver.Holds("", "Azure.Core"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_exception_s_message_that_the_worker_made_a_span_s_status_does_not_go()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var services = Start(receiver, tracing => tracing.AddSource("Microsoft.Azure.Functions.Worker"));
        using var source = new ActivitySource("Microsoft.Azure.Functions.Worker");

        source.StartActivity("function SendChunk")?.SetStatus(ActivityStatusCode.Error, Secret).Dispose();
        services.GetRequiredService<TracerProvider>().ForceFlush();

        Assert.True(receiver.Holds("/v1/traces", "function SendChunk"));
        Assert.False(receiver.Holds("", Secret));
    }

    /// <summary>
    /// The exporter is the one that the Functions host has, set up as it does it; what infra/ sets must keep paths from going out, and
    /// lines must still go.
    /// </summary>
    [Theory(Timeout = 60_000)]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task The_settings_that_silence_the_functions_host_keep_its_spans_and_nothing_else(string ratio, bool expected)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        Environment.SetEnvironmentVariable("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true");
        var settings = receiver.ApplicationInsights;
        (settings["OTEL_TRACES_SAMPLER"], settings["OTEL_TRACES_SAMPLER_ARG"]) = ("microsoft.fixed_percentage", ratio);
        (settings["AzureMonitorExporter:EnableLiveMetrics"], settings["AzureMonitorExporter:EnableTraceBasedLogsSampler"]) = (
            "false",
            "false"
        );
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Configuration.AddInMemoryCollection(settings);
        host.Services.AddOpenTelemetry().UseAzureMonitorExporter().WithTracing(tracing => tracing.AddSource("host"));
        host.Services.Configure<AzureMonitorExporterOptions>(options =>
            options.ConnectionString = settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]
        );
        using var app = host.Build();
        await app.StartAsync();
        using var source = new ActivitySource("host");

        using (
            source
                .StartActivity("GET", ActivityKind.Server)
                ?.SetTag("http.request.method", "GET")
                .SetTag("url.path", "/v/the-link/video.mp4")
        )
            Failed(
                app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Host"),
                new TimeoutException("Moving message to webjobs-blobtrigger-poison")
            );
        Collected.Flush(app.Services);
        // On a busy machine the exporter's flush may give up before what it sends has arrived.
        await UntilAsync(() =>
            receiver.Holds("/track", "webjobs-blobtrigger-poison") && (!expected || receiver.Holds("/track", "the-link"))
        );

        Assert.Equal(expected, receiver.Holds("/track", "the-link"));
        Assert.True(receiver.Holds("/track", "webjobs-blobtrigger-poison"));
        Assert.Empty(receiver.BodiesOf("/ping").Concat(receiver.BodiesOf("/post")));
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    [Fact]
    public void Nothing_is_registered_unless_the_environment_asks_for_it()
    {
        var none = new ConfigurationBuilder().Build();
        using var services = new ServiceCollection()
            .AddLogging()
            .AddVaultTelemetry(none, _ => Assert.Fail("Nobody asked."))
            .BuildServiceProvider();

        Assert.Null(services.GetService<TracerProvider>());
        Assert.Null(services.GetService<MeterProvider>());
        Assert.DoesNotContain(services.GetServices<ILoggerProvider>(), provider => provider is OpenTelemetryLoggerProvider);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111", false)]
    [InlineData("Authorization=AAD", true)]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111;Authorization=AAD", true)]
    public void Application_insights_is_told_the_app_s_identity_where_the_setting_says_so(string? authentication, bool expected)
    {
        Assert.Equal(expected, VaultTelemetry.CredentialOf(authentication) is ManagedIdentityCredential);
    }

    static ServiceProvider Start(TelemetryReceiver receiver, Action<TracerProviderBuilder>? trace = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(receiver.Otlp).Build();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace))
            .AddSingleton<IConfiguration>(configuration)
            .AddVaultTelemetry(configuration, telemetry => telemetry.WithTracing(tracing => trace?.Invoke(tracing)))
            .BuildServiceProvider();
        Collected.Start(services);
        return services;
    }

    static Exception Thrown(Action act)
    {
        try
        {
            act();
        }
#pragma warning disable CA1031 // Whatever it is: a thrown one has a stack.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception;
        }

        throw new UnreachableException();
    }

    [LoggerMessage(1, LogLevel.Error, "It failed")]
    static partial void Failed(ILogger logger, Exception exception);
}
