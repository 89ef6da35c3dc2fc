using System.Text.Json;
using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Reach;

/// <summary>A vault behind the proxies of docs/reach.md, used from another machine through them alone.</summary>
public sealed partial class ProxyTests : IDisposable
{
    const string Url = $"https://{ReverseProxy.Host}";

    // More than proxies let through, or keep in memory, without being told.
    const int UploadBytes = 24 << 20;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-proxy-").FullName;
    readonly TestCertificate _files;
    readonly Dictionary<string, string> _ids = [];

    public ProxyTests()
    {
        Directory.CreateDirectory(Data);
        _files = new TestCertificate(_folder);
        _files.Write(ReverseProxy.Host);
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    string Data => Path.Combine(_folder, "data");

    [Theory(Timeout = 300_000)]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task Uploads_links_ranges_and_hls_go_through_a_proxy_and_a_stranger_cannot_pretend_to_be_one(string program)
    {
        await using var machines = await TwoMachines.StartAsync();
        await using var vault = await VaultProcess.StartAsync(
            Data,
            new Dictionary<string, string>
            {
                ["TgVault__AllowedHosts__0"] = ReverseProxy.Host,
                ["TgVault__TrustedProxies__0"] = "127.0.0.1",
            },
            ["--listen", "lan"],
            machines.OnVault
        );
        await using var proxy = await ReverseProxy.StartAsync(program, _folder, vault.Port, _files, machines);
        var key = PhoneTests.KeyOf(Data);
        Task<Ran> Curl(params string[] arguments) =>
            machines.CurlAsync([
                "--cacert",
                _files.AuthorityPath,
                "--resolve",
                $"{ReverseProxy.Host}:443:{TwoMachines.Vault}",
                .. arguments,
            ]);
        async Task<JsonElement> Api(string path, string body) =>
            JsonDocument
                .Parse(
                    (
                        await Curl(
                            "--header",
                            $"X-Api-Key: {key}",
                            "--header",
                            "Content-Type: application/json",
                            "--data",
                            body,
                            $"{Url}/{path}"
                        )
                    ).Text
                )
                .RootElement;

        // A large file that is kept as it is, and a film.
        var large = Path.Combine(_folder, "large.bin");
        var content = new byte[UploadBytes];
        new Random(4).NextBytes(content);
        await File.WriteAllBytesAsync(large, content);
        var largeLink = await StoreAsync(large);
        Assert.Equal(content, (await Curl(largeLink)).Output);
        Assert.Equal(content[1_000_000..1_000_100], (await Curl("--range", "1000000-1000099", largeLink)).Output);

        var link = await StoreAsync(await Mp4Clips.PathAsync("second.mp4"));
        var master = await Curl(link.Replace("video.mp4", "hls/master.m3u8", StringComparison.Ordinal));
        var media = link.Replace("video.mp4", $"hls/{Line().Match(master.Text).Value}", StringComparison.Ordinal);
        var playlist = await Curl(media);
        var segment = await Curl($"{media[..media.LastIndexOf('/')]}/{Line().Match(playlist.Text).Value}");
        Assert.EndsWith(" 200", segment.Error, StringComparison.Ordinal);
        Assert.NotEmpty(segment.Output);

        // What the phone says by itself of hosts is heard neither through the proxy nor past it.
        var path = $"api/videos/{_ids[link]}/links";
        string[] pretended = ["--header", "X-Forwarded-Host: evil.example", "--header", "X-Forwarded-Proto: https"];
        var through = await Curl([.. pretended, "--header", $"X-Api-Key: {key}", "--data", "", $"{Url}/{path}"]);
        var past = await Curl([
            .. pretended,
            "--header",
            $"X-Api-Key: {key}",
            "--data",
            "",
            $"http://{TwoMachines.Vault}:{vault.Port}/{path}",
        ]);
        Assert.StartsWith($"{Url}/v/", UrlOf(through), StringComparison.Ordinal);
        Assert.StartsWith($"http://{TwoMachines.Vault}:{vault.Port}/v/", UrlOf(past), StringComparison.Ordinal);

        // Announced, sent and waited for through the proxy; a link to it, made through the proxy, too.
        async Task<string> StoreAsync(string file)
        {
            var announced = await Api(
                "api/uploads",
                JsonSerializer.Serialize(new { name = Path.GetFileName(file), size = new FileInfo(file).Length })
            );
            var id = announced.GetProperty("id").GetString()!;
            var uploadUrl = announced.GetProperty("uploadUrl").GetString()!;
            Assert.StartsWith($"{Url}/", uploadUrl, StringComparison.Ordinal);
            var put = await Curl("--upload-file", file, "--header", "x-ms-blob-type: BlockBlob", "--header", "Content-Type:", uploadUrl);
            Assert.EndsWith(" 201", put.Error, StringComparison.Ordinal);
            // Server-sent events, which end when the video is ready.
            var events = await Curl("--no-buffer", "--header", $"X-Api-Key: {key}", $"{Url}/api/videos/{id}/events");
            Assert.Contains("\"status\":\"ready\"", events.Text, StringComparison.Ordinal);
            var link = (await Api($"api/videos/{id}/links", "{}")).GetProperty("url").GetString()!;
            Assert.StartsWith($"{Url}/v/", link, StringComparison.Ordinal);
            _ids[link] = id;
            return link;
        }
    }

    static string UrlOf(Ran answer) => JsonDocument.Parse(answer.Text).RootElement.GetProperty("url").GetString()!;

    // The first line of a playlist that is no tag.
    [GeneratedRegex("^[^#\\s].*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
