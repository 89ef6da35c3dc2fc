using TgVault.Cli.Terminal;

namespace TgVault.Cli.Local;

/// <summary>Where npm put Azurite: the nearest node_modules above the program.</summary>
static class NodeModules
{
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var modules = Path.Combine(folder.FullName, "node_modules");
            if (Directory.Exists(Path.Combine(modules, "azurite")))
                return modules;
        }

        throw new CommandFailedException(
            "Azurite is not installed: start the vault with `./tgvault up`, which installs it, or run `npm ci` in the repository."
        );
    }
}
