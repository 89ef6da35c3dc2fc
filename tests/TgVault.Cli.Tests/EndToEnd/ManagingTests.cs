using System.Globalization;
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
    public async Task What_is_removed_is_in_the_trash_comes_back_from_there_and_goes_for_good_when_told()
    {
        var name = $"trash {Guid.NewGuid():n}.txt";
        var path = Path.Combine(shared.Folder, name);
        await File.WriteAllTextAsync(path, "listed");
        var id = (await _vault.UploadAsync(path, "--folder", "Kept")).GetProperty("id").GetString()!;

        var removed = await _vault.RunAsync("rm", name, "--yes");
        var trash = await _vault.RunAsync("trash", "--all");
        var json = await _vault.RunAsync("trash", "--all", "--json");
        var played = await _vault.RunAsync("link", id);
        var unfound = await _vault.RunAsync("show", name);
        var restored = await _vault.RunAsync("trash", "restore", name);
        var again = await _vault.RunAsync("trash", "restore", name);

        Assert.Equal((0, id), (removed.ExitCode, removed.Output.Trim()));
        Assert.Contains("is in the trash until", removed.Error, StringComparison.Ordinal);
        Assert.Contains($"./tgvault trash restore {id}", removed.Error, StringComparison.Ordinal);
        var cells = trash.Output.Split('\n').Single(line => line.StartsWith(id, StringComparison.Ordinal)).Split('\t');
        Assert.Equal(("6 B", "Kept", name), (cells[2], cells[3], cells[4]));
        Assert.True(DateTime.Parse(cells[1], CultureInfo.InvariantCulture) > DateTime.UtcNow.AddDays(29));
        Assert.Contains(
            id,
            JsonDocument.Parse(json.Output).RootElement.EnumerateArray().Select(video => video.GetProperty("id").GetString())
        );
        Assert.Equal(1, played.ExitCode);
        Assert.Contains("in the trash", played.Error, StringComparison.Ordinal);
        Assert.Equal(1, unfound.ExitCode);
        Assert.Equal((0, id), (restored.ExitCode, restored.Output.Trim()));
        Assert.Equal(1, again.ExitCode);
        Assert.Equal([id], await ListAsync("--search", name));

        await _vault.RunAsync("rm", id, "--yes");
        var unasked = await _vault.RunAsync("rm", name, "--permanent");
        var gone = await _vault.RunAsync("rm", name, "--permanent", "--yes", "--json");
        Assert.Equal((1, 0), (unasked.ExitCode, gone.ExitCode));
        Assert.Equal("deleting", JsonDocument.Parse(gone.Output).RootElement.GetProperty("status").GetString());
        Assert.DoesNotContain(id, (await _vault.RunAsync("trash", "--all")).Output, StringComparison.Ordinal);
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
