using System.Globalization;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>What a vault must not leave once all is stored: files that were on the way, and processes.</summary>
sealed class CleanCheck(VictimPlace place, Tally tally)
{
    static readonly string[] OnTheWay = ["tmp", Path.Combine("storage", "uploads"), Path.Combine("storage", "prepared")];

    /// <summary>With the vault ended: nothing of it may run, and nothing lie on the way.</summary>
    public void Run()
    {
        foreach (var folder in OnTheWay.Select(name => Path.Combine(place.Data, name)))
        {
            var left = Directory.Exists(folder)
                ? Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Select(path => Path.GetRelativePath(place.Data, path))
                    .ToList()
                : [];
            tally.Check(Invariant.Clean, left.Count == 0, () => $"{left.Count} files are left: {string.Join(", ", left.Take(5))}");
        }

        var running = Processes().ToList();
        tally.Check(Invariant.Clean, running.Count == 0, () => $"processes are left: {string.Join("; ", running.Take(5))}");
    }

    /// <summary>What the system says of processes that were told of the vault's data folder.</summary>
    IEnumerable<string> Processes()
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        foreach (
            var process in Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
        )
        {
            var line = Read($"/proc/{process}/cmdline").Replace('\0', ' ');
            if (
                line.Contains(place.Data, StringComparison.Ordinal)
                && !Read($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal)
            )
                yield return line.Length > 200 ? line[..200] : line;
        }
    }

    // What is looked at may end at any moment, or be another user's.
    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
