using System.Security.Cryptography;
using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>Transfers that were killed in the middle go on where they were.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class ResumeTests(SharedVault shared)
{
    const int FileBytes = 96 << 20;

    // Three of the upload's blocks, with four under way: well inside the file in both directions.
    const long PassedBytes = 24 << 20;

    readonly VaultProcess _vault = shared.Vault;

    [Fact(Timeout = 300_000)]
    public async Task A_killed_upload_and_a_killed_download_go_on_where_they_were()
    {
        var folder = Directory.CreateDirectory(Path.Combine(shared.Folder, "resumed")).FullName;
        var path = Path.Combine(folder, "large.bin");
        await File.WriteAllBytesAsync(path, RandomBytes());

        await KillOnceAsync(() => JournalLines() >= 3, "upload", path);
        var begun = JsonDocument.Parse(File.ReadLines(Journal()!).First()).RootElement.GetProperty("upload").GetProperty("id").GetString();
        var video = await _vault.UploadAsync(path);
        var id = video.GetProperty("id").GetString()!;

        Assert.Equal(begun, id);
        Assert.Equal("ready", video.GetProperty("status").GetString());
        Assert.Null(Journal());

        var copy = Path.Combine(folder, "copy.bin");
        await KillOnceAsync(() => PartBytes(folder) > 1 << 20, "get", id, "-o", copy);
        var kept = PartBytes(folder);
        var fetched = await _vault.RunAsync("get", id, "-o", copy);

        Assert.InRange(kept, 1 << 20, FileBytes - 1);
        Assert.Equal(0, fetched.ExitCode);
        Assert.Equal(await HashAsync(path), await HashAsync(copy));
        Assert.Equal(-1, PartBytes(folder));
    }

    async Task KillOnceAsync(Func<bool> condition, params string[] arguments)
    {
        await using var proxy = await HoldingProxy.StartAsync(PassedBytes);
        using var process = TgvaultCommand.Start(shared.Folder, proxy.Environment, [.. arguments, "--data", _vault.Folder]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Task.WhenAny(FolderChanges.UntilAsync(shared.Folder, condition, limit.Token), process.WaitForExitAsync(limit.Token));
        limit.Token.ThrowIfCancellationRequested();
        if (process.HasExited)
            Assert.Fail(
                $"it ended with {process.ExitCode} before it could be killed:\n"
                    + $"{await process.StandardError.ReadToEndAsync(limit.Token)}"
            );

        process.Kill();
        await process.WaitForExitAsync(limit.Token);
    }

    int JournalLines()
    {
        try
        {
            return Journal() is { } journal ? File.ReadLines(journal).Count() : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    string? Journal() =>
        Directory.Exists(Path.Combine(_vault.Folder, "uploads"))
            ? Directory.GetFiles(Path.Combine(_vault.Folder, "uploads"), "*.upload").SingleOrDefault()
            : null;

    static long PartBytes(string folder) =>
        Directory.GetFiles(folder, ".*.part").SingleOrDefault() is { } part ? new FileInfo(part).Length : -1;

    static byte[] RandomBytes()
    {
        var bytes = new byte[FileBytes];
        new Random(96).NextBytes(bytes);
        return bytes;
    }

    static async Task<string> HashAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(stream));
    }
}
