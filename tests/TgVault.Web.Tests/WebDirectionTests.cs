using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Web.Tests;

/// <summary>Which folder of the web part may use which, read from the sources. Only the root, where the table is, knows them all.</summary>
public sealed partial class WebDirectionTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Telemetry"] = [],
        ["Http"] = ["Telemetry"],
        ["OpenApi"] = ["Http"],
        ["Reach"] = ["Http"],
        ["Health"] = ["Http", "Lists", "OpenApi", "Reach"],
        ["Lists"] = ["Http", "Videos"],
        ["Links"] = ["Http", "Reach"],
        ["Keys"] = ["Http", "Reach"],
        ["Webhooks"] = ["Http", "Videos"],
        ["Sessions"] = ["Http", "Reach"],
        ["Pages"] = ["Http", "Reach", "Videos"],
        ["Streams"] = ["Http", "Telemetry"],
        ["Videos"] = ["Http", "Streams"],
        ["Copies"] = ["Http"],
        ["Dav"] = ["Http", "Lists", "Streams"],
        ["Staging"] = ["Http"],
        ["Uploads"] = ["Http", "Reach", "Videos"],
    };

    [Fact]
    public void Every_folder_uses_only_what_it_may()
    {
        var web = Path.Combine(RepositoryFolders.Root(), "functions", "TgVault.Web");
        var folders = Directory
            .GetDirectories(web)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj" or "App"));

        Assert.Equal(Allowed.Keys.Order(), folders.Order());
        foreach (var folder in Allowed.Keys)
        {
            var used = Directory
                .EnumerateFiles(Path.Combine(web, folder), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Reference().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
                .Where(name => Allowed.ContainsKey(name) && name != folder)
                .Distinct();
            Assert.Empty(used.Except(Allowed[folder]).Select(name => $"{folder} uses {name}"));
        }
    }

    [GeneratedRegex(@"TgVault\.Web\.(\w+)")]
    private static partial Regex Reference();
}
