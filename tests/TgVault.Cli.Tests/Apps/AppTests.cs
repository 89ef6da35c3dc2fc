using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TgVault.Cli.Tests.EndToEnd;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Apps;

/// <summary>The library in programs of other people: as a WebDAV address, as a list, as files with a link each.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class AppTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;

    [Fact(Timeout = 180_000)]
    public async Task Rclone_lists_reads_and_seeks_the_library()
    {
        var top = $"apps {Guid.NewGuid():n}";
        var clip = await Mp4Clips.PathAsync("second.mp4");
        var odd = Path.Combine(shared.Folder, "50 % & more #1.bin");
        await File.WriteAllBytesAsync(odd, RandomNumberGenerator.GetBytes(5_000_000));
        await _vault.UploadAsync(clip, "--folder", $"{top}/Films");
        await _vault.UploadAsync(odd, "--folder", $"{top}/Films/Über ?x=1");
        var key = (await _vault.RunAsync("keys", "add", "rclone", "--scope", "read")).Output.Trim();

        var listed = JsonDocument.Parse(await RcloneAsync(key, "lsjson", "--recursive", $"vault:{top}")).RootElement;

        Assert.Equal(
            ["Films", "Films/second.mp4", "Films/Über ?x=1", "Films/Über ?x=1/50 % & more #1.bin"],
            listed.EnumerateArray().Select(entry => entry.GetProperty("Path").GetString()!).Order(StringComparer.Ordinal)
        );
        var path = $"vault:{top}/Films/Über ?x=1/50 % & more #1.bin";
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(odd)));
        Assert.StartsWith(hash, await RcloneAsync(key, "hashsum", "sha256", "--download", path), StringComparison.Ordinal);
        var part = Path.Combine(shared.Folder, "part.bin");
        await RcloneAsync(key, "copyto", path, part);
        Assert.Equal(await File.ReadAllBytesAsync(odd), await File.ReadAllBytesAsync(part));
        var seen = await RcloneAsync(key, ["cat", "--offset", "4999000", "--count", "100", path], isBinary: true);
        Assert.Equal(Convert.ToHexString((await File.ReadAllBytesAsync(odd))[4_999_000..4_999_100]), seen);

        var id = JsonDocument.Parse((await _vault.RunAsync("keys", "--json")).Output).RootElement.EnumerateArray().Last();
        Assert.Equal(0, (await _vault.RunAsync("keys", "revoke", id.GetProperty("id").GetString()!)).ExitCode);
        await Assert.ThrowsAsync<InvalidOperationException>(() => RcloneAsync(key, "lsjson", $"vault:{top}"));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_player_plays_the_list_of_a_folder()
    {
        var folder = $"list {Guid.NewGuid():n}";
        await _vault.UploadAsync(await Mp4Clips.PathAsync("second.mp4"), "--folder", folder);
        var list = Path.Combine(shared.Folder, "films.m3u8");

        var written = await _vault.RunAsync("export", "--m3u", list, "--folder", folder, "--ttl", "1h");

        Assert.Equal("", written.Error);
        Assert.Equal(0, written.ExitCode);
        var (exitCode, output) = await RunAsync("mpv", ["--no-config", "--vo=null", "--ao=null", $"--playlist={list}"]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("(+) Video", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task Media_centres_get_a_file_for_each_film_and_lose_those_of_films_that_are_gone()
    {
        var folder = $"strm {Guid.NewGuid():n}";
        var clip = await Mp4Clips.PathAsync("second.mp4");
        var first = (await _vault.UploadAsync(clip, "--folder", $"{folder}/A: B")).GetProperty("id").GetString()!;
        await _vault.UploadAsync(clip, "--folder", $"{folder}/A: B");
        await _vault.UploadAsync(clip, "--folder", folder);
        var target = Path.Combine(shared.Folder, "strm");
        Directory.CreateDirectory(target);
        var own = Path.Combine(target, "own.strm");
        await File.WriteAllTextAsync(own, "mine");

        await ExportAsync("3 films written, 0 removed.");

        string[] expected = ["own.strm", $"{folder}/A_ B/second (2).strm", $"{folder}/A_ B/second.strm", $"{folder}/second.strm"];
        Assert.Equal(expected, Written());
        using var http = new HttpClient();
        foreach (var file in expected.Skip(1))
        {
            var url = (await File.ReadAllTextAsync(Path.Combine(target, file))).Trim();
            Assert.Equal("video/mp4", (await http.GetAsync(new Uri(url))).Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal(0, (await _vault.RunAsync("rm", first, "--yes")).ExitCode);
        await ExportAsync("2 films written, 1 removed.");
        Assert.Equal(["own.strm", $"{folder}/A_ B/second.strm", $"{folder}/second.strm"], Written());

        async Task ExportAsync(string said)
        {
            var ran = await _vault.RunAsync("export", "--strm", target, "--folder", folder);
            Assert.Equal(said, ran.Output.Trim());
        }

        IEnumerable<string> Written() =>
            Directory
                .EnumerateFiles(target, "*.strm", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(target, file))
                .Order(StringComparer.Ordinal);
    }

    Task<string> RcloneAsync(string key, params string[] arguments) => RcloneAsync(key, arguments, isBinary: false);

    async Task<string> RcloneAsync(string key, string[] arguments, bool isBinary)
    {
        var (_, hidden) = await RunAsync("rclone", ["obscure", key]);
        var environment = new Dictionary<string, string>
        {
            ["RCLONE_CONFIG"] = Path.Combine(shared.Folder, "rclone.conf"),
            ["RCLONE_CONFIG_VAULT_TYPE"] = "webdav",
            ["RCLONE_CONFIG_VAULT_VENDOR"] = "other",
            ["RCLONE_CONFIG_VAULT_URL"] = new Uri(_vault.Url, "dav").ToString(),
            ["RCLONE_CONFIG_VAULT_USER"] = "anyone",
            ["RCLONE_CONFIG_VAULT_PASS"] = hidden.Trim(),
            ["RCLONE_LOW_LEVEL_RETRIES"] = "1",
            ["RCLONE_RETRIES"] = "1",
        };
        var (exitCode, output) = await RunAsync("rclone", arguments, environment, isBinary);
        return exitCode == 0 ? output : throw new InvalidOperationException($"rclone ended with {exitCode}: {output}");
    }

    /// <summary>What the program printed on both streams; of binary output the hex digits.</summary>
    static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        string[] arguments,
        Dictionary<string, string>? environment = null,
        bool isBinary = false
    )
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            using var output = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var bytes = output.ToArray();
            return (
                process.ExitCode,
                isBinary ? Convert.ToHexString(bytes) : Encoding.UTF8.GetString(bytes) + (process.ExitCode == 0 ? "" : await errors)
            );
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
