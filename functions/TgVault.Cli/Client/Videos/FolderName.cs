namespace TgVault.Cli.Client.Videos;

/// <summary>The name of a folder in the library, as people type it.</summary>
static class FolderName
{
    /// <summary>Without slashes at its ends, doubled ones, and blanks around its parts: <c>/Films/Kids/</c> is
    /// <c>Films/Kids</c>.</summary>
    public static string Clean(string name) =>
        string.Join('/', name.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
