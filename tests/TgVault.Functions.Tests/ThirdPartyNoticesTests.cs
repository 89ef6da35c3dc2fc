using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Functions.Tests;

/// <summary>The licences of all that travels with the deployed app travel with it, too.</summary>
public sealed class ThirdPartyNoticesTests
{
    static readonly string App = Path.Combine(RepositoryFolders.Root(), "functions", "TgVault.Functions");

    [Fact]
    public void Every_package_of_the_app_is_named_in_the_notices()
    {
        var named = File.ReadLines(Path.Combine(App, "THIRD-PARTY-NOTICES.txt"))
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line.Trim())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        var packages = PackagesOf(Path.Combine(AppContext.BaseDirectory, "TgVault.Functions.deps.json"));

        Assert.InRange(packages.Count, 20, 1000);
        Assert.DoesNotContain(packages, package => !named.Contains(package));
    }

    [Fact]
    public void Every_package_that_is_built_into_the_pages_is_named_in_the_notices()
    {
        var web = Path.Combine(RepositoryFolders.Root(), "functions", "TgVault.Web", "App", "package.json");
        using var package = JsonDocument.Parse(File.ReadAllText(web));
        var named = File.ReadLines(Path.Combine(App, "THIRD-PARTY-NOTICES.txt")).Select(line => line.Trim()).ToHashSet();

        var packages = package.RootElement.GetProperty("dependencies").EnumerateObject().Select(one => one.Name).ToList();

        Assert.Contains("lit", packages);
        Assert.DoesNotContain(packages, name => !named.Contains(name));
    }

    [Fact]
    public void Every_text_that_the_notices_refer_to_is_there()
    {
        var text = File.ReadAllText(Path.Combine(App, "THIRD-PARTY-NOTICES.txt"));

        foreach (var file in Directory.EnumerateFiles(Path.Combine(App, "licences")))
            Assert.Contains($"licences/{Path.GetFileName(file)}", text, StringComparison.Ordinal);
        foreach (var name in new[] { "Apache-2.0.txt", "dotnet.txt", "nsec.txt" })
            Assert.InRange(new FileInfo(Path.Combine(App, "licences", name)).Length, 1000, 1_000_000);
    }

    static IReadOnlyList<string> PackagesOf(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. document
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => library.Name.Split('/')[0])
                .Distinct(),
        ];
    }
}
