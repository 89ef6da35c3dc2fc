namespace TgVault.Core.TakeOver;

/// <summary>The folder in which the version before kept its storage emulator, Azurite.</summary>
static class EmulatorFolder
{
    /// <summary>The account that every vault's emulator served.</summary>
    public const string Account = "tgvault";

    /// <summary>Whether an emulator kept rows or blobs here.</summary>
    public static bool IsOne(string folder) =>
        File.Exists(Path.Combine(folder, EmulatorTables.FileName)) || File.Exists(Path.Combine(folder, EmulatorBlobs.FileName));
}
