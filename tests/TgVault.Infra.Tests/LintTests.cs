namespace TgVault.Infra.Tests;

public sealed class LintTests
{
    [Theory(Timeout = 60000)]
    [InlineData("main.bicep")]
    [InlineData("events.bicep")]
    [InlineData("main.bicepparam")]
    [InlineData("main.dev.bicepparam")]
    [InlineData("main.prod.bicepparam")]
    public async Task A_file_lints_without_a_word(string file)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        using var copy = new InfraCopy();

        var result = await BicepCli.RunAsync(copy.Folder, limit.Token, "lint", file);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output.Trim(), result.Diagnostics.Trim()));
    }

    [Fact(Timeout = 60000)]
    public async Task Every_file_is_formatted()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        using var copy = new InfraCopy();
        var before = Read(copy);

        var result = await BicepCli.RunAsync(copy.Folder, limit.Token, "format", "--pattern", "**/*.bicep");

        Assert.True(result.ExitCode == 0, result.Diagnostics);
        Assert.Equal(before, Read(copy));
    }

    private static Dictionary<string, string> Read(InfraCopy copy) =>
        Directory.EnumerateFiles(copy.Folder, "*.bicep", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(copy.Folder, file), File.ReadAllText);
}
