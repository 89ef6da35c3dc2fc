namespace TgVault.Infra.Tests;

public sealed class LintTests : IDisposable
{
    readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(80));
    readonly InfraCopy _copy = new();

    /// <summary>Warnings do not change the exit code, so silence is what is asked for.</summary>
    [Theory(Timeout = 90000)]
    [InlineData("**/*.bicep")]
    [InlineData("**/*.bicepparam")]
    public async Task All_files_lint_without_a_word(string pattern)
    {
        var result = await BicepCli.RunAsync(_copy.Folder, _limit.Token, "lint", "--pattern", pattern);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output.Trim(), result.Diagnostics.Trim()));
    }

    [Fact(Timeout = 90000)]
    public async Task A_property_azure_does_not_know_is_told()
    {
        _copy.Spoil("modules/functionApp.bicep", "httpsOnly: true", "httpsOnly: true\n    httpOnly: false");

        var result = await BicepCli.RunAsync(_copy.Folder, _limit.Token, "lint", "--pattern", "modules/functionApp.bicep");

        Assert.Contains("httpOnly", result.Diagnostics, StringComparison.Ordinal);
    }

    [Fact(Timeout = 90000)]
    public async Task All_files_are_formatted()
    {
        var before = Read();

        var result = await BicepCli.RunAsync(_copy.Folder, _limit.Token, "format", "--pattern", "**/*.bicep");

        Assert.True(result.ExitCode == 0, result.Diagnostics);
        Assert.Equal(before, Read());
    }

    public void Dispose()
    {
        _limit.Dispose();
        _copy.Dispose();
    }

    Dictionary<string, string> Read() =>
        Directory
            .EnumerateFiles(_copy.Folder, "*.bicep", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(_copy.Folder, file), File.ReadAllText);
}
