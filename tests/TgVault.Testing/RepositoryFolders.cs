namespace TgVault.Testing;

/// <summary>Where this checkout lies, found from the running test's own folder.</summary>
public static class RepositoryFolders
{
    /// <summary>The folder that holds package.json and the solution.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (
                File.Exists(Path.Combine(folder.FullName, "package.json"))
                && File.Exists(Path.Combine(folder.FullName, "TgVault.Functions.sln"))
            )
                return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds package.json and TgVault.Functions.sln.");
    }

    /// <exception cref="InvalidOperationException">The packages are not installed.</exception>
    public static string NodeModules()
    {
        var folder = Path.Combine(Root(), "node_modules");
        return Directory.Exists(Path.Combine(folder, "azurite"))
            ? folder
            : throw new InvalidOperationException(
                "Azurite is not installed; `./tgvault test` installs it (or `npm ci` in the repository's folder)."
            );
    }

    /// <summary>
    /// The ffmpeg that travels with the function app, where ffmpeg-layer/build.sh has made it; empty: the vaults of tests take PATH's.
    /// Clips are made by PATH's in any case: the layer rightly lacks the encoders for that.
    /// </summary>
    public static string Layer()
    {
        var folder = Path.Combine(Root(), "ffmpeg-layer", "out");
        return File.Exists(Path.Combine(folder, "ffmpeg")) && File.Exists(Path.Combine(folder, "ffprobe")) ? folder : "";
    }
}
