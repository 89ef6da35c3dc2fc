using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Reach;

/// <summary>What another machine reaches of a vault: nothing by default, all of it through one port with --listen.</summary>
public sealed class PhoneTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-phone-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task By_default_nothing_of_a_vault_can_be_reached_from_another_machine()
    {
        await using var machines = await TwoMachines.StartAsync();
        await using var vault = await VaultProcess.StartAsync(_folder, launcher: machines.OnVault);

        var here = await machines.VaultAsync("curl", "--silent", $"http://localhost:{vault.Port}/api/health");
        var listening = await machines.ListeningAsync();

        Assert.Contains("\"ok\"", here.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("LAN", vault.Printed, StringComparison.Ordinal);
        // The vault on both kinds of loopback, and its child.
        Assert.True(listening.Count >= 3);
        Assert.All(listening, address => Assert.Matches(@"^(127\.0\.0\.1|\[::1\]):", address));
        foreach (var host in new[] { TwoMachines.Vault, TwoMachines.VaultPublic, $"[{TwoMachines.VaultV6}]" })
        {
            var refused = await machines.CurlAsync($"http://{host}:{vault.Port}/api/health");
            // curl's word for a connection that was refused.
            Assert.Equal(7, refused.ExitCode);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task On_the_lan_a_phone_uploads_and_plays_through_the_one_port()
    {
        var film = await Mp4Clips.PathAsync("second.mp4");
        await using var machines = await TwoMachines.StartAsync();
        await using var vault = await VaultProcess.StartAsync(_folder, arguments: ["--listen", "lan"], launcher: machines.OnVault);
        var url = $"http://{TwoMachines.Vault}:{vault.Port}";
        var key = KeyOf(_folder);

        Assert.Contains($"  LAN      {url}\n", vault.Printed, StringComparison.Ordinal);

        // Announced, uploaded and waited for on the phone, with no way to the vault but the one address.
        var uploaded = await machines.PhoneAsync([.. Tgvault, "upload", film, "--wait", "--json", "--url", url, "--key", key]);
        Assert.True(uploaded.ExitCode == 0, uploaded.Error);
        var id = JsonDocument.Parse(uploaded.Text).RootElement.GetProperty("id").GetString()!;

        // A link that is made on the vault's own machine has to lead there from the phone.
        var link = (await machines.VaultAsync([.. Tgvault, "link", id, "--data", _folder])).Text.Trim();
        Assert.StartsWith($"{url}/v/", link, StringComparison.Ordinal);
        var whole = await machines.CurlAsync(link);
        var part = await machines.CurlAsync("--range", "100-299", link);
        Assert.Equal("1.1 206", part.Error);
        Assert.Equal(whole.Output[100..300], part.Output);
        var playlist = await machines.CurlAsync(link.Replace("video.mp4", "hls/master.m3u8", StringComparison.Ordinal));
        Assert.StartsWith("#EXTM3U", playlist.Text, StringComparison.Ordinal);
        var overV6 = await machines.CurlAsync(link.Replace($"{TwoMachines.Vault}:", $"[{TwoMachines.VaultV6}]:", StringComparison.Ordinal));
        Assert.Equal(whole.Output, overV6.Output);

        // Not the API without its key, not under a name that is not the vault's, and not through an address of the internet.
        Assert.Equal("1.1 401", (await machines.CurlAsync($"{url}/api/videos")).Error);
        Assert.Equal("1.1 421", (await machines.CurlAsync("--header", "Host: evil.example", $"{url}/api/health")).Error);
        var outside = await machines.CurlAsync($"http://{TwoMachines.VaultPublic}:{vault.Port}/api/health");
        Assert.NotEqual(0, outside.ExitCode);
        Assert.Empty(outside.Output);
        // The stand-in is for the vault alone.
        var others = (await machines.ListeningAsync()).Where(address => !address.EndsWith($":{vault.Port}", StringComparison.Ordinal));
        Assert.All(others, address => Assert.StartsWith("127.0.0.1:", address, StringComparison.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task One_address_is_listened_on_and_no_other()
    {
        await using var machines = await TwoMachines.StartAsync();
        await using var vault = await VaultProcess.StartAsync(
            _folder,
            arguments: ["--listen", TwoMachines.VaultPublic],
            launcher: machines.OnVault
        );

        var there = await machines.CurlAsync($"http://{TwoMachines.VaultPublic}:{vault.Port}/api/health");
        var elsewhere = await machines.CurlAsync($"http://{TwoMachines.Vault}:{vault.Port}/api/health");
        var here = await machines.VaultAsync("curl", "--silent", $"http://localhost:{vault.Port}/api/health");

        Assert.Equal("1.1 200", there.Error);
        Assert.Equal(7, elsewhere.ExitCode);
        Assert.Contains("\"ok\"", here.Text, StringComparison.Ordinal);
        Assert.Contains($"  LAN      http://{TwoMachines.VaultPublic}:{vault.Port}\n", vault.Printed, StringComparison.Ordinal);
    }

    internal static string[] Tgvault => ["dotnet", Path.Combine(AppContext.BaseDirectory, "tgvault.dll")];

    internal static string KeyOf(string data) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "run.json"))).RootElement.GetProperty("apiKey").GetString()!;
}
