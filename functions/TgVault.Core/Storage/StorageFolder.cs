using TgVault.Core.Settings;

namespace TgVault.Core.Storage;

/// <summary>Storage in a folder of this machine: <see cref="VaultSettings.Storage"/> is then its path.</summary>
public static class StorageFolder
{
    /// <summary>
    /// Whether the setting is a path: with a slash, so that a word is no folder by mistake, and with nothing that URLs and connection
    /// strings have.
    /// </summary>
    internal static bool IsNamedBy(VaultSettings settings) =>
        settings.Storage.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
        && !settings.Storage.AsSpan().ContainsAny('=', ';')
        && !settings.Storage.Contains("://", StringComparison.Ordinal);

    /// <summary>What is wrong with the folder, in one sentence; null where it can be tried.</summary>
    internal static string? Problem(VaultSettings settings) =>
        File.Exists(settings.Storage)
            ? "TgVault:Storage names a file: give the path of a folder, which is made where there is none."
            : null;

    /// <summary>
    /// Bytes that are free on the disk of the folder; null where the vault keeps nothing in one, or the disk does not tell.
    /// </summary>
    public static long? FreeBytes(VaultSettings settings)
    {
        try
        {
            return IsNamedBy(settings) ? new DriveInfo(Path.GetFullPath(settings.Storage)).AvailableFreeSpace : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
