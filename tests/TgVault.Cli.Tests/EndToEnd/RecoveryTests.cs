using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>A vault whose storage folder is gone, as its owner meets it: what `up` says, and what `recover` brings back.</summary>
public sealed class RecoveryTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-recovery-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task A_vault_whose_storage_is_lost_says_so_and_is_whole_after_recover()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "vault")).FullName;
        var file = Path.Combine(_folder, "notes.bin");
        await File.WriteAllBytesAsync(file, new byte[300_000]);
        string film,
            before,
            link;
        byte[] prepared;
        await using (var vault = await VaultProcess.StartAsync(data))
        {
            film = (await vault.UploadAsync(await Mp4Clips.PathAsync("h264-aac.mp4"), "--folder", "Films/Old", "--tag", "sea"))
                .GetProperty("id")
                .GetString()!;
            await vault.UploadAsync(file, "--description", "kept as it is");
            before = await ListAsync(vault);
            link = new Uri(await vault.LinkAsync(film)).AbsolutePath;
            prepared = await vault.Client.GetByteArrayAsync(new Uri(link, UriKind.Relative));
        }

        Directory.Delete(Path.Combine(data, "storage"), recursive: true);
        var wrong = await TgvaultCommand.RunAsync(
            _folder,
            new Dictionary<string, string> { ["TgVault__MasterSecret"] = "another master secret, long enough for a vault" },
            ["recover", "--data", data]
        );
        await using (var vault = await VaultProcess.StartAsync(data))
        {
            Assert.Contains("holds a library of up to 2 videos", vault.Printed, StringComparison.Ordinal);
            Assert.Contains("./tgvault recover", vault.Printed, StringComparison.Ordinal);
            var empty = await vault.RunAsync("ls");
            Assert.Equal((0, ""), (empty.ExitCode, empty.Output));
            Assert.Contains(
                "up to 2 videos that is not in this storage. ./tgvault recover brings it here.",
                empty.Error,
                StringComparison.Ordinal
            );
            var busy = await vault.RunAsync("recover");
            Assert.Equal(1, busy.ExitCode);
            Assert.Contains("Stop it first", busy.Error, StringComparison.Ordinal);
        }

        var nobody = await TgvaultCommand.RunAsync(_folder, "recover", "--data", Path.Combine(_folder, "other"));
        var recovered = await TgvaultCommand.RunAsync(_folder, "recover", "--data", data, "--check", "--keep-links");
        var again = await TgvaultCommand.RunAsync(_folder, "recover", "--data", data);

        Assert.Equal((1, 1), (wrong.ExitCode, nobody.ExitCode));
        Assert.Contains("TgVault:MasterSecret is not the master secret", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("TgVault__MasterSecret is not set", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(0, recovered.ExitCode);
        Assert.Contains("videos     2 of 2", recovered.Output, StringComparison.Ordinal);
        Assert.Matches(@"read       (\d+) of \1 chunks", recovered.Output);
        Assert.Contains("complete   yes", recovered.Output, StringComparison.Ordinal);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("not empty", Assert.Single(again.Error.Trim().Split('\n')), StringComparison.Ordinal);

        await using var next = await VaultProcess.StartAsync(data);
        Assert.DoesNotContain("./tgvault recover", next.Printed, StringComparison.Ordinal);
        Assert.Equal(before, await ListAsync(next));
        Assert.Equal(prepared, await next.Client.GetByteArrayAsync(new Uri(link, UriKind.Relative)));
        Assert.Contains("\"ready\"", (await next.UploadAsync(file)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_kit_is_what_recover_needs_to_be_set()
    {
        var settings = new Dictionary<string, string>
        {
            ["TgVault__MasterSecret"] = "a master secret for tests, long enough",
            ["TgVault__Telegram__Bots__0__Token"] = "444444:AABotTokenOnPaper",
            ["TgVault__Telegram__Channels__0"] = "-1004000000004",
        };

        var kit = await TgvaultCommand.RunAsync(_folder, settings, ["recovery-kit", "--data", _folder]);
        var standIn = await TgvaultCommand.RunAsync(
            _folder,
            new Dictionary<string, string> { ["TgVault__MasterSecret"] = settings["TgVault__MasterSecret"] },
            ["recovery-kit", "--data", _folder]
        );
        var nothing = await TgvaultCommand.RunAsync(_folder, "recovery-kit", "--data", _folder);

        Assert.Equal((0, 1, 1), (kit.ExitCode, standIn.ExitCode, nothing.ExitCode));
        Assert.Equal(settings.Select(pair => $"{pair.Key}={pair.Value}"), kit.Output.Split('\n').Take(3));
        Assert.Contains("Whoever has this", kit.Error, StringComparison.Ordinal);
        Assert.Contains("copy that folder", standIn.Error, StringComparison.Ordinal);
        Assert.Contains("no master secret", nothing.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    /// <summary>What people know their videos by; not what is new in every storage.</summary>
    static async Task<string> ListAsync(VaultProcess vault)
    {
        using var listed = JsonDocument.Parse((await vault.RunAsync("ls", "--json")).Output);
        string[] known = ["id", "name", "folder", "tags", "description", "status", "storedSize", "poster", "captions", "decision"];
        return string.Join(
            '\n',
            listed
                .RootElement.EnumerateArray()
                .SelectMany(video =>
                    known.Select(name => video.TryGetProperty(name, out var value) ? $"{name} {value.GetRawText()}" : name)
                )
        );
    }
}
