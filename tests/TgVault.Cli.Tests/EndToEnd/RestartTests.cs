using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>What a vault leaves when it stops, in good order or not.</summary>
public sealed partial class RestartTests : IDisposable
{
    const int ChunkBytes = 65_536;
    const int Parallelism = 2;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-restart-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task An_ingest_that_kill_9_cut_finishes_after_up_and_posts_again_at_most_what_was_in_flight()
    {
        var settings = new Dictionary<string, string>
        {
            ["TgVault__Chunks__Size"] = $"{ChunkBytes}",
            ["TgVault__Ingest__Parallelism"] = $"{Parallelism}",
        };
        var content = new byte[16 << 20];
        new Random(9).NextBytes(content);
        var path = Path.Combine(_folder, "random.bin");
        await File.WriteAllBytesAsync(path, content);
        string id;
        // 256 chunks at 20 a second: it cannot be ready before it is killed, however late that is noticed.
        await using (
            var first = await VaultProcess.StartAsync(
                _folder,
                new Dictionary<string, string>(settings) { ["TgVault__Telegram__MessagesPerMinute"] = "1200" }
            )
        )
        {
            var uploaded = await first.RunAsync("upload", path, "--json");
            id = JsonDocument.Parse(uploaded.Output).RootElement.GetProperty("id").GetString()!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await FolderChanges.UntilAsync(_folder, () => Documents().Count() >= 8, limit.Token);
            await first.KillAsync();
            Assert.InRange(Documents().Count(), 8, content.Length / ChunkBytes);
        }

        await using var second = await VaultProcess.StartAsync(_folder, settings);
        // Ends when the video is ready or has failed.
        await second.Client.GetStringAsync(new Uri($"/api/videos/{id}/events", UriKind.Relative));
        var video = JsonDocument.Parse((await second.RunAsync("show", id, "--json")).Output).RootElement;
        var fetched = await second.Client.GetByteArrayAsync(new Uri($"/api/stream?file_id={id}", UriKind.Relative));

        Assert.Equal("ready", video.GetProperty("status").GetString());
        Assert.Equal(content, fetched);
        var chunkDocuments = Documents().Count(document => document.Length is > ChunkBytes and < 2 * ChunkBytes);
        Assert.InRange(chunkDocuments, content.Length / ChunkBytes, (content.Length / ChunkBytes) + Parallelism);
    }

    [Fact(Timeout = 300_000)]
    public async Task Documents_in_telegram_are_ciphertext_all_different_and_named_at_random()
    {
        var clear = new byte[3 << 20];
        var path = Path.Combine(_folder, "zeros.bin");
        await File.WriteAllBytesAsync(path, clear);
        var film = await Mp4Clips.PathAsync("second.mp4");
        // Its ftyp box. Four letters alone come up in random bytes about once in 4 GiB; sixteen bytes do not.
        var start = (await File.ReadAllBytesAsync(film))[..16];
        await using (var vault = await VaultProcess.StartAsync(_folder))
        {
            await vault.UploadAsync(path);
            await vault.UploadAsync(path);
            await vault.UploadAsync(film);
        }

        var documents = Documents().ToList();
        var contents = documents.Select(document => File.ReadAllBytes(document.FullName)).ToList();
        var names = Name()
            .Matches(await File.ReadAllTextAsync(Path.Combine(_folder, "telegram", "messages.log")))
            .Select(match => match.Groups[1].Value)
            .ToList();

        Assert.True(documents.Count >= 5);
        Assert.All(documents, document => Assert.InRange(document.Length, 1, 20 << 20));
        Assert.Equal(contents.Count, contents.Select(Convert.ToBase64String).Distinct().Count());
        Assert.All(contents, content => Assert.Equal(-1, content.AsSpan().IndexOf(new byte[16])));
        Assert.All(contents, content => Assert.Equal(-1, content.AsSpan().IndexOf(start)));
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z0-9]{16,}\\.bin$", name));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("KILL")]
    public async Task A_vault_that_stops_leaves_no_process_behind_and_can_be_started_again(string signal)
    {
        await using var vault = await VaultProcess.StartAsync(_folder);
        var children = ChildProcesses.Of(vault.ProcessId);
        // The stand-in, and nothing else: no emulator, no Node.js.
        Assert.Single(children);

        var code = await vault.StopAsync(signal);

        if (signal != "KILL")
            Assert.Equal(0, code);
        if (signal != "KILL")
            Assert.False(File.Exists(Path.Combine(_folder, "run.json")));
        await ChildProcesses.EndedAsync(children);
        await using var again = await VaultProcess.StartAsync(_folder);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_vault_whose_child_dies_says_so_and_stops()
    {
        await using var vault = await VaultProcess.StartAsync(_folder);
        using var child = Process.GetProcessById(ChildProcesses.Of(vault.ProcessId)[0]);

        child.Kill();
        var code = await vault.StopAsync("CONT");

        Assert.Equal(1, code);
        Assert.Contains("ended unexpectedly", vault.Printed, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Secrets_can_be_read_by_their_owner_only()
    {
        await using var vault = await VaultProcess.StartAsync(_folder);

        Assert.All(
            ["secrets.json", "run.json"],
            name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, name)))
        );
    }

    IEnumerable<FileInfo> Documents() =>
        new DirectoryInfo(Path.Combine(_folder, "telegram", "documents")) is { Exists: true } folder ? folder.EnumerateFiles() : [];

    [GeneratedRegex("\"name\":\"([^\"]*)\"")]
    private static partial Regex Name();
}
