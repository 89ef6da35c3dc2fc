using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using TgVault.Core.Hosting;

namespace TgVault.Infra.Tests.Rules;

/// <summary>The app's settings: the app itself reads them, so all it cannot start without must be there, and none it does not
/// know.</summary>
static partial class SettingRules
{
    const string Prefix = VaultSettingsReader.Section + "__";
    const string FfmpegFolder = Prefix + "Ffmpeg__Folder";
    const string TemporaryFolder = Prefix + "Ffmpeg__TemporaryFolder";

    static readonly string[] Required =
    [
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "VaultStorage__blobServiceUri",
        "VaultStorage__queueServiceUri",
        "VaultStorage__credential",
        "VaultStorage__clientId",
        "AZURE_CLIENT_ID",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AzureWebJobsDisableHomepage",
        // The app can do without, but in Azure there is no ffmpeg on PATH: the layer travels in the package.
        FfmpegFolder,
    ];

    // The Functions host records the path of every request, and a path here holds a link: with these it sends no span and shows none live.
    // The percentage is read by the exporter that the host has (UseAzureMonitorExporter); a sampler of OpenTelemetry's own names would be
    // ignored by it.
    static readonly Dictionary<string, string> SilentHost = new()
    {
        ["OTEL_TRACES_SAMPLER"] = "microsoft.fixed_percentage",
        ["OTEL_TRACES_SAMPLER_ARG"] = "0",
        ["AzureMonitorExporter__EnableLiveMetrics"] = "false",
    };

    // Refused by Flex Consumption, which has them in functionAppConfig.
    static readonly string[] Refused =
    [
        "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_EXTENSION_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    ];

    public static IEnumerable<string> Check(Deployment deployment)
    {
        var settings = deployment.Settings;
        foreach (var name in Required.Where(name => string.IsNullOrEmpty(settings[name]?.ToString())))
            yield return $"Setting {name} is missing.";
        foreach (var name in Refused.Where(settings.ContainsKey))
            yield return $"Setting {name} is not for Flex Consumption.";
        foreach (var (name, value) in SilentHost.Where(wanted => settings[wanted.Key]?.ToString() != wanted.Value))
            yield return $"The host sends links: {name} is not {value}.";
        foreach (var problem in Read(settings))
            yield return problem;
    }

    /// <summary>What the app says of its settings, once Azure has put in what only Azure knows.</summary>
    static ImmutableArray<string> Read(JsonObject settings)
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-settings-");
        try
        {
            foreach (var program in (string[])["ffmpeg", "ffprobe"])
                File.WriteAllText(Path.Combine(folder.FullName, program), "");
            var values = settings
                .Where(setting => setting.Key.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(
                    setting => setting.Key.Replace("__", ":", StringComparison.Ordinal),
                    setting =>
                        setting.Key is FfmpegFolder or TemporaryFolder
                            ? folder.FullName
                            : (string?)Resolve(setting.Key, setting.Value!.ToString())
                );
            return VaultSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).Problems;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Resolve(string name, string value)
    {
        // A secret of the right shape, another one for each setting.
        if (value.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal))
            return name.EndsWith("__Token", StringComparison.Ordinal)
                ? $"123456789:AA-{name.Replace("__", "-", StringComparison.Ordinal)}"
                : $"{name} of more than thirty-two characters";
        if (Endpoint().Match(value) is { Success: true } match)
            return $"https://{match.Groups[1].Value}.{match.Groups[2].Value}.core.windows.net/";
        return HostName().Replace(value, "https://host.example");
    }

    [GeneratedRegex(@"^\[reference\('[^']*/storageAccounts/([a-z0-9]+)', '[^']*'\)\.primaryEndpoints\.(\w+)\]$")]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"^\[format\('https://\{0\}', reference\(.*\)\.\w*hostName\)\]$", RegexOptions.IgnoreCase)]
    private static partial Regex HostName();
}
