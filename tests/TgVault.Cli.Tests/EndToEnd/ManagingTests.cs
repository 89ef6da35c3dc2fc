using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>Listing, showing, removing, and how the command says no.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class ManagingTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;

    [Fact(Timeout = 120_000)]
    public async Task Videos_are_listed_newest_first_by_folder_and_by_tag_until_they_are_removed()
    {
        var folder = $"films {Guid.NewGuid():n}";
        var path = Path.Combine(shared.Folder, "listed.txt");
        await File.WriteAllTextAsync(path, "listed");
        var older = (await _vault.UploadAsync(path, "--folder", folder)).GetProperty("id").GetString()!;
        var newer = (await _vault.UploadAsync(path, "--folder", folder, "--tag", folder, "--description", "d"))
            .GetProperty("id")
            .GetString()!;

        Assert.Equal([newer, older], await ListAsync("--folder", folder));
        Assert.Equal([newer], await ListAsync("--tag", folder));
        Assert.Equal([newer], await ListAsync("--folder", folder, "--limit", "1"));
        Assert.Equal([newer, older], await ListAsync("--search", $"LISTED {folder[..20]}"));
        Assert.Equal([newer], await ListAsync("--search", folder, "--tag", folder));
        Assert.Empty(await ListAsync("--folder", folder, "--status", "failed"));

        var unasked = await _vault.RunAsync("rm", newer);
        Assert.Equal(1, unasked.ExitCode);
        Assert.Equal(0, (await _vault.RunAsync("rm", newer, "--yes")).ExitCode);
        Assert.Equal([older], await ListAsync("--folder", folder));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_wrong_key_an_unknown_id_and_no_vault_are_one_line_each()
    {
        var wrongKey = await TgvaultCommand.RunAsync(shared.Folder, "ls", "--url", _vault.Url.ToString(), "--key", "wrong");
        var unknown = await _vault.RunAsync("show", "7ybqv296abctqnkcw6k02ngy9x");
        var nowhere = await TgvaultCommand.RunAsync(shared.Folder, "ls", "--data", Path.Combine(shared.Folder, "nowhere"));
        var silent = await TgvaultCommand.RunAsync(shared.Folder, "ls", "--url", $"http://localhost:{Free.Port()}", "--key", "any");

        Assert.All(
            [wrongKey, unknown, nowhere, silent],
            output =>
            {
                Assert.Equal(1, output.ExitCode);
                Assert.Empty(output.Output);
                Assert.Single(output.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
        );
        Assert.Contains("API key", wrongKey.Error, StringComparison.Ordinal);
        Assert.Contains("no video", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("No vault is running", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("No vault answers", silent.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_second_vault_on_the_same_folder_or_port_says_so_and_leaves_the_first_alone()
    {
        var other = Directory.CreateDirectory(Path.Combine(shared.Folder, "other")).FullName;

        var sameFolder = await TgvaultCommand.RunAsync(shared.Folder, "up", "--data", _vault.Folder, "--port", $"{Free.Port()}");
        var samePort = await TgvaultCommand.RunAsync(shared.Folder, "up", "--data", other, "--port", $"{_vault.Port}");

        Assert.Equal(1, sameFolder.ExitCode);
        Assert.Contains("already", sameFolder.Error, StringComparison.Ordinal);
        Assert.Equal(1, samePort.ExitCode);
        Assert.Contains("is taken", samePort.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _vault.RunAsync("ls")).ExitCode);
    }

    async Task<string[]> ListAsync(params string[] arguments)
    {
        var listed = await _vault.RunAsync(["ls", "--json", .. arguments]);
        return [.. JsonDocument.Parse(listed.Output).RootElement.EnumerateArray().Select(video => video.GetProperty("id").GetString()!)];
    }
}
