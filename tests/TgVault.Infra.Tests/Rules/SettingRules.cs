using System.Collections.Immutable;
using System.Globalization;
using TgVault.Core;

namespace TgVault.Infra.Tests.Rules;

/// <summary>The app's settings: all it cannot start without, and none it does not know.</summary>
internal static class SettingRules
{
    private const string Section = "TgVault__";

    private static readonly string[] Required =
    [
        "TgVault__Storage", "TgVault__MasterSecret", "TgVault__ApiKey", "TgVault__Telegram__Bots__0__Token", "TgVault__Telegram__Channels__0",
        // Not on PATH in Azure: the layer travels in the package.
        "TgVault__Ffmpeg__Folder",
    ];

    private static readonly string[] RequiredByHost =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        "VaultStorage__blobServiceUri", "VaultStorage__queueServiceUri", "VaultStorage__credential", "VaultStorage__clientId",
        "AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AzureWebJobsDisableHomepage",
    ];

    // Refused by Flex Consumption, which has them in functionAppConfig.
    private static readonly string[] Refused =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTSHARE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    ];

    public static IEnumerable<string> Check(Deployment deployment)
    {
        var settings = deployment.Settings;
        foreach (var name in Required.Concat(RequiredByHost).Where(name => string.IsNullOrEmpty(settings[name]?.ToString()))) yield return $"Setting {name} is missing.";
        foreach (var name in Refused.Where(settings.ContainsKey)) yield return $"Setting {name} is not for Flex Consumption.";
        foreach (var (name, value) in settings.Where(setting => setting.Key.StartsWith(Section, StringComparison.Ordinal)))
        {
            var type = Find(typeof(VaultSettings), name[Section.Length..].Split("__"));
            if (type is null) yield return $"Setting {name} does not exist in the app.";
            else if (!Fits(type, value!.ToString())) yield return $"Setting {name} is no {type.Name}.";
        }
    }

    /// <summary>The type of the setting the path leads to; null where there is none.</summary>
    public static Type? Find(Type type, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty) return type == typeof(string) || type.IsPrimitive || type.IsEnum ? type : null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? Find(type.GetGenericArguments()[0], path[1..]) : null;
        if (type == typeof(string) || type.IsPrimitive) return null;
        return type.GetProperty(path[0]) is { } property ? Find(property.PropertyType, path[1..]) : null;
    }

    private static bool Fits(Type type, string value) => type switch
    {
        _ when type == typeof(bool) => bool.TryParse(value, out _),
        _ when type == typeof(int) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(long) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => true,
    };
}
