using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Web.Tests.Contract;

/// <summary>
/// What linters say of the API's description as it is served, by the rules that they recommend themselves: nothing, not even a hint. Of one
/// that lacks something they do say it.
/// </summary>
public sealed class LintTests : IAsyncLifetime
{
    const string Spectral = "extends: [\"spectral:oas\"]\n";

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-lint-").FullName;
    string _document = "";

    public async Task InitializeAsync()
    {
        await using var parts = await WebParts.StartAsync();
        _document = await parts.Client.GetStringAsync("api/openapi.json");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public async Task Redocly_finds_nothing()
    {
        Assert.Empty(await RedoclyAsync(_document));
        Assert.Contains(await RedoclyAsync(Without("servers")), found => found.StartsWith("no-empty-servers", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Spectral_finds_nothing()
    {
        Assert.Empty(await SpectralAsync(_document));
        Assert.Contains(await SpectralAsync(Without("tags")), found => found.StartsWith("operation-tag-defined", StringComparison.Ordinal));
    }

    string Without(string field)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(_document)!.AsObject();
        Assert.True(document.Remove(field));
        return document.ToJsonString();
    }

    async Task<string[]> RedoclyAsync(string document)
    {
        await WriteAsync("openapi.json", document);
        var linted = await OtherProgram.NodeAsync(_folder, "@redocly/cli/bin/cli.js", "lint", "openapi.json", "--format", "json");
        var found = Read(linted, linted.Output).GetProperty("problems").EnumerateArray();
        return [.. found.Select(one => $"{Text(one, "ruleId")}: {Text(one, "message")} at {one.GetProperty("location")[0]}")];
    }

    async Task<string[]> SpectralAsync(string document)
    {
        await WriteAsync("openapi.json", document);
        await WriteAsync("rules.yaml", Spectral);
        var linted = await OtherProgram.NodeAsync(
            _folder,
            "@stoplight/spectral-cli/dist/index.js",
            "lint",
            "openapi.json",
            "--ruleset",
            "rules.yaml",
            "--format",
            "json",
            "--quiet",
            "--fail-severity",
            "hint"
        );
        var found = Read(linted, linted.Output).EnumerateArray();
        return [.. found.Select(one => $"{Text(one, "code")}: {Text(one, "message")} at {one.GetProperty("path")}")];
    }

    Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);

    static JsonElement Read(CommandOutput linted, string json)
    {
        try
        {
            return JsonDocument.Parse(json).RootElement;
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"The linter ended with {linted.ExitCode}:\n{linted.Output}\n{linted.Error}");
        }
    }

    static string Text(JsonElement one, string name) => one.GetProperty(name).ToString();
}
