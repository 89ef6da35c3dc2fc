using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Local;

/// <summary>`rotate master` as the owner of a vault on one machine meets it.</summary>
public sealed class LocalRotationTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-rotation-").FullName;

    string Data => Path.Combine(_folder, "vault");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task A_vault_that_runs_comes_under_a_new_secret_which_alone_recovers_it()
    {
        Directory.CreateDirectory(Data);
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        var file = Path.Combine(_folder, "notes.bin");
        await File.WriteAllBytesAsync(file, content);
        string id,
            former;
        await using (var vault = await VaultProcess.StartAsync(Data))
        {
            id = (await vault.UploadAsync(file)).GetProperty("id").GetString()!;
            former = Secret("masterSecret")!;
            var link = new Uri(await vault.LinkAsync(id)).AbsolutePath;

            var rotated = await vault.RunAsync("rotate", "master");

            Assert.True(rotated.ExitCode == 0, rotated.Error + vault.Printed);
            Assert.Contains("keys       of 1 videos are wrapped anew", rotated.Output, StringComparison.Ordinal);
            Assert.Contains("left       no document", rotated.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(former, rotated.Output + rotated.Error + vault.Printed, StringComparison.Ordinal);
            Assert.Equal(content, await PlayAsync(vault, id));
            Assert.False((await vault.Client.GetAsync(new Uri(link, UriKind.Relative))).IsSuccessStatusCode);
            var next = new Uri(new Uri(await vault.LinkAsync(id)).AbsolutePath, UriKind.Relative);
            Assert.Equal(content, await vault.Client.GetByteArrayAsync(next));

            var ended = await vault.RunAsync("rotate", "links");

            Assert.StartsWith("1 links that this vault made have ended", ended.Output, StringComparison.Ordinal);
            Assert.False((await vault.Client.GetAsync(next)).IsSuccessStatusCode);
        }

        Assert.NotEqual(former, Secret("masterSecret"));
        Assert.Null(Secret("formerMasterSecret"));
        Assert.NotNull(Secret("rotated"));
        Directory.Delete(Path.Combine(Data, "storage"), recursive: true);
        var old = await TgvaultCommand.RunAsync(
            _folder,
            new Dictionary<string, string> { ["TgVault__MasterSecret"] = former },
            ["recover", "--data", Data]
        );
        var recovered = await TgvaultCommand.RunAsync(_folder, "recover", "--data", Data, "--check");

        Assert.Equal(1, old.ExitCode);
        Assert.Contains("TgVault:FormerMasterSecret", old.Error, StringComparison.Ordinal);
        Assert.Contains("complete   yes", recovered.Output, StringComparison.Ordinal);
        await using var again = await VaultProcess.StartAsync(Data);
        Assert.Equal(content, await PlayAsync(again, id));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_vault_that_does_not_run_or_is_killed_goes_on_at_its_next_start_and_the_kit_has_both_until_then()
    {
        Directory.CreateDirectory(Data);
        var file = Path.Combine(_folder, "notes.bin");
        await File.WriteAllBytesAsync(file, new byte[100_000]);
        string id;
        await using (var vault = await VaultProcess.StartAsync(Data))
            id = (await vault.UploadAsync(file)).GetProperty("id").GetString()!;
        var former = Secret("masterSecret")!;

        var begun = await TgvaultCommand.RunAsync(_folder, "rotate", "master", "--data", Data);
        var again = await TgvaultCommand.RunAsync(_folder, "rotate", "master", "--data", Data);
        var newer = Secret("masterSecret");
        var during = await KitAsync();
        await using (var vault = await VaultProcess.StartAsync(Data))
            await vault.KillAsync();
        await using (var vault = await VaultProcess.StartAsync(Data))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await FolderChanges.UntilAsync(Data, () => Secret("formerMasterSecret") is null, limit.Token);
            Assert.Equal(100_000, (await PlayAsync(vault, id)).Length);
        }

        var after = await KitAsync();
        Assert.Equal((0, 0), (begun.ExitCode, again.ExitCode));
        Assert.Contains("next `./tgvault up`", begun.Output, StringComparison.Ordinal);
        Assert.Contains($"TgVault__FormerMasterSecret={former}", during, StringComparison.Ordinal);
        Assert.Contains($"TgVault__MasterSecret={newer}", after, StringComparison.Ordinal);
        Assert.DoesNotContain("FormerMasterSecret", after, StringComparison.Ordinal);
        Assert.Contains("was rotated", after, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_settings_give_the_secret_they_rotate_it()
    {
        var settings = new Dictionary<string, string> { ["TgVault__MasterSecret"] = "a master secret for tests, long enough" };

        var told = await TgvaultCommand.RunAsync(_folder, settings, ["rotate", "master", "--data", Data]);
        var nothing = await TgvaultCommand.RunAsync(_folder, "rotate", "master", "--data", Data);

        Assert.Equal((1, 1), (told.ExitCode, nothing.ExitCode));
        Assert.Contains("TgVault__FormerMasterSecret", told.Error, StringComparison.Ordinal);
        Assert.Contains("secrets.json", nothing.Error, StringComparison.Ordinal);
    }

    /// <summary>The kit of a vault whose films are in a channel.</summary>
    async Task<string> KitAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["TgVault__Telegram__Bots__0__Token"] = "444444:AABotTokenOnPaper",
            ["TgVault__Telegram__Channels__0"] = "-1004000000004",
        };
        return (await TgvaultCommand.RunAsync(_folder, settings, ["recovery-kit", "--data", Data])).Output;
    }

    static Task<byte[]> PlayAsync(VaultProcess vault, string id) =>
        vault.Client.GetByteArrayAsync(new Uri($"/api/stream?file_id={id}", UriKind.Relative));

    string? Secret(string name)
    {
        using var secrets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "secrets.json")));
        return secrets.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
