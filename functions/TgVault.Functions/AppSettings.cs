using Microsoft.Extensions.Configuration;
using TgVault.Core.Hosting;

namespace TgVault.Functions;

/// <summary>
/// The vault's settings as they are in a function app. ffmpeg travels with the app, and the container's name stands in the trigger.
/// </summary>
static class AppSettings
{
    public static SettingsReading Read(IConfiguration configuration)
    {
        var (settings, problems) = VaultSettingsReader.Read(configuration);
        if (settings.StoragePrefix.Length > 0)
            problems = problems.Add(
                "TgVault:StoragePrefix cannot be used in a function app: its blob trigger names the container. "
                    + "Give the app a storage account of its own."
            );
        var layer = Path.Combine(AppContext.BaseDirectory, "ffmpeg");
        return new SettingsReading(
            settings.Ffmpeg.Folder.Length == 0 && Directory.Exists(layer)
                ? settings with
                {
                    Ffmpeg = settings.Ffmpeg with { Folder = layer },
                }
                : settings,
            problems
        );
    }
}
