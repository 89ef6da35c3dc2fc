using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Reach;

/// <summary>A vault that speaks TLS by itself, seen from another machine.</summary>
public sealed partial class TlsTests : IDisposable
{
    const string Host = "video.example.org";

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-tls-").FullName;
    readonly TestCertificate _files;

    public TlsTests()
    {
        Directory.CreateDirectory(Data);
        _files = new TestCertificate(_folder);
        _files.Write(Host);
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    string Data => Path.Combine(_folder, "data");

    [Fact(Timeout = 300_000)]
    public async Task With_a_certificate_others_play_over_http_2_and_a_renewed_one_is_used_without_a_restart()
    {
        var film = await Mp4Clips.PathAsync("second.mp4");
        await using var machines = await TwoMachines.StartAsync();
        await using var vault = await VaultProcess.StartAsync(
            Data,
            arguments: ["--listen", "lan", "--certificate", _files.CertificatePath, "--certificate-key", _files.KeyPath],
            launcher: machines.OnVault
        );
        Task<Ran> Curl(params string[] arguments) =>
            machines.CurlAsync([
                "--http2",
                "--cacert",
                _files.AuthorityPath,
                "--resolve",
                $"{Host}:{vault.Port}:{TwoMachines.Vault}",
                .. arguments,
            ]);
        var url = $"https://{Host}:{vault.Port}";
        Assert.Contains($"  LAN      {url}\n", vault.Printed, StringComparison.Ordinal);

        // On the vault's own machine all is as without.
        var uploaded = await machines.VaultAsync([.. PhoneTests.Tgvault, "upload", film, "--wait", "--json", "--data", Data]);
        Assert.True(uploaded.ExitCode == 0, uploaded.Error);
        var id = Id().Match(uploaded.Text).Groups[1].Value;
        var link = (await machines.VaultAsync([.. PhoneTests.Tgvault, "link", id, "--kind", "hls", "--data", Data])).Text.Trim();
        Assert.StartsWith($"{url}/v/", link, StringComparison.Ordinal);

        // From the master playlist to the bytes of a segment.
        var master = await Curl(link);
        Assert.Equal("2 200", master.Error);
        var folder = link[..link.LastIndexOf('/')];
        var media = $"{folder}/{Uri().Match(master.Text).Value}";
        var playlist = await Curl(media);
        var segment = await Curl($"{media[..media.LastIndexOf('/')]}/{Uri().Match(playlist.Text).Value}");
        Assert.Equal("2 200", segment.Error);
        Assert.NotEmpty(segment.Output);
        var part = await Curl("--range", "10-19", link.Replace("hls/master.m3u8", "video.mp4", StringComparison.Ordinal));
        Assert.Equal(("2 206", 10), (part.Error, part.Output.Length));

        // Nothing in the clear leaves the machine.
        var plain = await machines.CurlAsync($"http://{TwoMachines.Vault}:{vault.Port}/api/health");
        Assert.NotEqual(0, plain.ExitCode);
        Assert.Empty(plain.Output);

        var before = await SerialAsync(machines, vault.Port);
        var renewed = _files.Write(Host);
        Assert.NotEqual(before, renewed);
        Assert.Equal(renewed, await SerialAsync(machines, vault.Port));
        Assert.Equal("2 200", (await Curl($"{url}/api/health")).Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_certificate_that_cannot_be_used_is_one_sentence_and_no_vault()
    {
        _files.Write(Host, to: DateTimeOffset.UtcNow.AddHours(-1), from: DateTimeOffset.UtcNow.AddDays(-1));

        var ran = await TgvaultCommand.RunAsync(
            Data,
            "up",
            "--data",
            Data,
            "--port",
            $"{Free.Port()}",
            "--certificate",
            _files.CertificatePath,
            "--certificate-key",
            _files.KeyPath
        );

        Assert.Equal(1, ran.ExitCode);
        Assert.Equal("", ran.Output);
        Assert.Matches(
            $"^tgvault: The certificate in {Regex.Escape(_files.CertificatePath)} expired on [0-9-]{{10}}. Renew it.\n$",
            ran.Error
        );
    }

    static async Task<string> SerialAsync(TwoMachines machines, int port)
    {
        // openssl ends with its input, after the handshake.
        var shown = await machines.PhoneAsync("openssl", "s_client", "-connect", $"{TwoMachines.Vault}:{port}", "-servername", Host);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, shown.Text);
            return (await machines.PhoneAsync("openssl", "x509", "-noout", "-serial", "-in", path)).Text.Trim().Split('=')[^1];
        }
        finally
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex("\"id\":\"([a-z0-9]+)\"")]
    private static partial Regex Id();

    // The first line of a playlist that is no tag.
    [GeneratedRegex("^[^#\\s].*$", RegexOptions.Multiline)]
    private static partial Regex Uri();
}
