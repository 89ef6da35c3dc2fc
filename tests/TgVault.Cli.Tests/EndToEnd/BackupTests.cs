using System.Net.Http.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>A copy of a running vault's rows, and a vault that goes on from it.</summary>
public sealed class BackupTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task A_backup_of_a_running_vault_is_restored_and_plays_and_goes_on()
    {
        var (data, copy) = (Directory.CreateDirectory(Path.Combine(_folder, "vault")).FullName, Path.Combine(_folder, "rows.db"));
        var (first, second) = (Path.Combine(_folder, "first.bin"), Path.Combine(_folder, "second.bin"));
        await File.WriteAllBytesAsync(first, "the first"u8.ToArray());
        await File.WriteAllBytesAsync(second, "the second"u8.ToArray());
        string id;
        await using (var vault = await VaultProcess.StartAsync(data))
        {
            id = (await vault.UploadAsync(first, "--description", "before")).GetProperty("id").GetString()!;

            var made = await vault.RunAsync("backup", copy);
            var again = await vault.RunAsync("backup", copy);
            var refused = await vault.RunAsync("restore", copy);

            Assert.Equal((0, copy), (made.ExitCode, made.Output.Trim()));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("exists", again.Error, StringComparison.Ordinal);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("in use", refused.Error, StringComparison.Ordinal);

            using var edited = await vault.Client.PatchAsJsonAsync(
                new Uri($"/api/videos/{id}", UriKind.Relative),
                new { description = "after" }
            );
            edited.EnsureSuccessStatusCode();
            await vault.UploadAsync(second);
        }

        var restored = await TgvaultCommand.RunAsync(_folder, "restore", copy, "--data", data);
        Assert.Equal(0, restored.ExitCode);
        Assert.Contains("before-restore", restored.Error, StringComparison.Ordinal);

        await using var next = await VaultProcess.StartAsync(data);
        var listed = await next.RunAsync("ls");
        var shown = await next.RunAsync("show", id, "--json");
        var played = await next.Client.GetByteArrayAsync(new Uri($"/api/stream?file_id={id}", UriKind.Relative));

        Assert.Equal(id, Assert.Single(listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Split('\t')[0]);
        Assert.Contains("\"before\"", shown.Output, StringComparison.Ordinal);
        Assert.Equal("the first"u8.ToArray(), played);
        Assert.Equal("ready", (await next.UploadAsync(second)).GetProperty("status").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_restore_that_cannot_be_says_why_and_changes_nothing()
    {
        var file = Path.Combine(_folder, "text.db");
        await File.WriteAllTextAsync(file, "no database");

        var missing = await TgvaultCommand.RunAsync(_folder, "restore", "nothing.db", "--data", _folder);
        var wrong = await TgvaultCommand.RunAsync(_folder, "restore", file, "--data", _folder);
        var empty = await TgvaultCommand.RunAsync(_folder, "backup", "copy.db", "--data", _folder);

        Assert.All([missing, wrong, empty], one => Assert.Equal(1, one.ExitCode));
        Assert.All([missing, wrong, empty], one => Assert.Single(one.Error.Trim().Split('\n')));
        Assert.Contains("There is no file", missing.Error, StringComparison.Ordinal);
        Assert.Contains("no whole copy", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("There is no vault", empty.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "storage", "vault.db")));
    }
}
