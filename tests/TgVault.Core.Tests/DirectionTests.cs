using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Core.Tests;

/// <summary>Which part of the core may use which: read from the sources, so that a forbidden reference fails here and not in a
/// review.</summary>
public sealed partial class DirectionTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Captioning"] = [],
        ["Mp4"] = [],
        ["Crypto"] = [],
        ["Ffmpeg"] = [],
        ["Staging"] = [],
        ["Telemetry"] = [],
        ["Chunks"] = ["Crypto", "Telemetry"],
        ["Links"] = ["Crypto"],
        ["Telegram"] = ["Chunks", "Telemetry"],
        ["Catalogue"] = ["Chunks", "Crypto", "Staging"],
        ["Playback"] = ["Captioning", "Catalogue", "Chunks", "Crypto", "Mp4", "Telemetry"],
        ["Ingest"] = ["Captioning", "Catalogue", "Chunks", "Crypto", "Ffmpeg", "Mp4", "Staging", "Telemetry"],
    };

    [Fact]
    public void Every_folder_of_the_core_uses_only_what_it_may()
    {
        var core = Path.Combine(RepositoryFolders.Root(), "functions", "TgVault.Core");
        var folders = Directory
            .GetDirectories(core)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"))
            .Order()
            .ToArray();

        Assert.Equal(Allowed.Keys.Order(), folders);
        foreach (var folder in folders)
        {
            var used = Directory
                .EnumerateFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Reference().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
                .Where(name => folders.Contains(name) && name != folder)
                .Distinct();
            Assert.Empty(used.Except(Allowed[folder]).Select(name => $"{folder} uses {name}"));
        }
    }

    [Theory]
    [InlineData("TgVault.Core", "")]
    [InlineData("TgVault.Web", "TgVault.Core")]
    [InlineData("TgVault.BotApi", "")]
    [InlineData("TgVault.Azurite", "")]
    public void Projects_refer_only_downwards(string project, string expected)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolders.Root(), "functions", project, $"{project}.csproj"));

        Assert.Equal(expected, string.Join(' ', ProjectReference().Matches(text).Select(match => match.Groups[1].Value)));
        Assert.False(project == "TgVault.Core" && text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"TgVault\.Core\.(\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*/([\w.]+)\.csproj""")]
    private static partial Regex ProjectReference();
}
