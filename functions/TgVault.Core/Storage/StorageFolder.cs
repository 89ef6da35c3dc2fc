using TgVault.Core.Settings;

namespace TgVault.Core.Storage;

/// <summary>Storage in a folder of this machine: <see cref="VaultSettings.Storage"/> is then its path.</summary>
static class StorageFolder
{
    /// <summary>
    /// Whether the setting is a path: with a slash, so that a word is no folder by mistake, and with nothing that URLs and connection
    /// strings have.
    /// </summary>
    public static bool IsNamedBy(VaultSettings settings) =>
        settings.Storage.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
        && !settings.Storage.AsSpan().ContainsAny('=', ';')
        && !settings.Storage.Contains("://", StringComparison.Ordinal);

    /// <summary>What is wrong with the folder, in one sentence; null where it can be tried.</summary>
    public static string? Problem(VaultSettings settings) =>
        File.Exists(settings.Storage)
            ? "TgVault:Storage names a file: give the path of a folder, which is made where there is none."
            : null;
}
