using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TgVault.Core.Telemetry;

namespace TgVault.Web.Telemetry;

/// <summary>Sends what the vault measures, traces and logs to where the environment says; to nowhere unless it says so.</summary>
public static class VaultTelemetry
{
    const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const string AzureMonitor = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    const string AzureMonitorIdentity = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    // The exporter's own default; said here because in a function app the environment tells the host to keep none, and we are not meant.
    const double TracesPerSecond = 5;

    /// <summary>
    /// OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set (with all the standard variables), Application Insights where
    /// <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is; both at once where both are.
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="configuration">Environment variables included.</param>
    /// <param name="addHost">What the host adds where anything is exported at all.</param>
    public static IServiceCollection AddVaultTelemetry(
        this IServiceCollection services,
        IConfiguration configuration,
        Action<IOpenTelemetryBuilder>? addHost = null
    )
    {
        var isOtlp = !string.IsNullOrWhiteSpace(configuration[OtlpEndpoint]);
        var isAzure = !string.IsNullOrWhiteSpace(configuration[AzureMonitor]);
        if (!isOtlp && !isAzure)
            return services;
        services.AddHostedService<ExportTrouble>();
        var telemetry = services.AddVaultSignals();
        addHost?.Invoke(telemetry);
        if (isAzure)
            AddAzureMonitor(telemetry, configuration);
        if (isOtlp)
            telemetry.UseOtlpExporter();
        return services;
    }

    /// <summary>
    /// What may be exported, without exporters: the vault's own spans and measurements, the runtime's measurements, and lines that
    /// the vault logged. Nothing of HTTP clients and servers, whose addresses hold tokens and links, nor of storage, whose
    /// addresses hold names.
    /// </summary>
    internal static OpenTelemetryBuilder AddVaultSignals(this IServiceCollection services)
    {
        services.AddLogging(logging =>
            logging
                .AddFilter<OpenTelemetryLoggerProvider>("", LogLevel.None)
                .AddFilter<OpenTelemetryLoggerProvider>("TgVault", LogLevel.Information)
        );
        return services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("tgvault", serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(VaultTrace.Name).AddProcessor(new ExportedSpans()))
            .WithMetrics(metrics => metrics.AddMeter(VaultMeter.Name, "System.Runtime"))
            // Scopes hold the request's path.
            .WithLogging(
                logging => logging.AddProcessor(new ExportedLogs()),
                options => (options.IncludeFormattedMessage, options.IncludeScopes) = (true, false)
            );
    }

    static void AddAzureMonitor(OpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        var credential = CredentialOf(configuration[AzureMonitorIdentity]);
        telemetry
            .WithTracing(tracing => tracing.AddAzureMonitorTraceExporter(Configure))
            .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(Configure))
            .WithLogging(logging => logging.AddAzureMonitorLogExporter(Configure));

        void Configure(AzureMonitorExporterOptions options)
        {
            options.ConnectionString = configuration[AzureMonitor];
            options.Credential = credential;
            options.TracesPerSecond = TracesPerSecond;
            // A warning is worth having whether its trace was kept or not.
            options.EnableTraceBasedLogsSampler = false;
            options.EnableLiveMetrics = false;
        }
    }

    /// <summary>
    /// As the Functions host reads it: <c>Authorization=AAD</c>, with <c>ClientId</c> for a user-assigned identity. Null where the
    /// connection string is enough.
    /// </summary>
    internal static TokenCredential? CredentialOf(string? authentication)
    {
        var parts = (authentication ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        if (!"AAD".Equals(parts.GetValueOrDefault("Authorization"), StringComparison.OrdinalIgnoreCase))
            return null;
        var identity = parts.TryGetValue("ClientId", out var id)
            ? ManagedIdentityId.FromUserAssignedClientId(id)
            : ManagedIdentityId.SystemAssigned;
        return new ManagedIdentityCredential(identity);
    }

    static string Version => typeof(VaultTelemetry).Assembly.GetName().Version?.ToString(3) ?? "";
}
