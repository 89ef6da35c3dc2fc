using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>A vault with a second copy of everything in a folder, as its owner meets it.</summary>
public sealed class ReplicaTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-replicas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task Copies_are_told_looked_at_and_enough_when_all_else_is_lost()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "vault")).FullName;
        var replica = Path.Combine(_folder, "disk", "copies");
        var file = Path.Combine(_folder, "notes.bin");
        var content = new byte[300_000];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(file, content);
        var settings = new Dictionary<string, string> { ["TgVault__Replicas__0__Folder"] = replica };
        string id;
        await using (var vault = await VaultProcess.StartAsync(data, settings))
        {
            id = (await vault.UploadAsync(file, "--folder", "Films")).GetProperty("id").GetString()!;
            await CopiedAsync(vault);
            var well = await vault.RunAsync("verify");
            Assert.Equal((0, ""), (well.ExitCode, well.Output));

            var chunk = Path.Combine(replica, "videos", id, "1", "0-00000.tgvc");
            await using (var damaged = new FileStream(chunk, FileMode.Open, FileAccess.ReadWrite))
            {
                damaged.Position = 5000;
                damaged.WriteByte((byte)(damaged.ReadByte() ^ 1));
            }

            var looked = await vault.RunAsync("verify", "notes.bin", "--look-only");
            var mended = await vault.RunAsync("verify", "--share", "1/1");
            Assert.Equal((3, 3), (looked.ExitCode, mended.ExitCode));
            Assert.Equal([id, "chunk 0", replica, "damaged", "notes.bin"], looked.Output.Split('\n')[0].Split('\t'));
            Assert.Contains("one copy left", looked.Output, StringComparison.Ordinal);
            Assert.Equal([id, "chunk 0", replica, "damaged, mended", "notes.bin"], mended.Output.TrimEnd().Split('\t'));
            Assert.Equal(0, (await vault.RunAsync("verify", "--look-only")).ExitCode);
            Assert.Equal(2, (await vault.RunAsync("verify", "--share", "3/2")).ExitCode);
        }

        Directory.Delete(Path.Combine(data, "storage"), recursive: true);
        Directory.Delete(Path.Combine(data, "telegram"), recursive: true);
        var recovered = await TgvaultCommand.RunAsync(_folder, "recover", "--data", data, "--replica", replica, "--check");
        Assert.Equal(0, recovered.ExitCode);
        Assert.Contains($"from       the replica {replica}", recovered.Output, StringComparison.Ordinal);
        Assert.Contains("videos     1 of 1", recovered.Output, StringComparison.Ordinal);
        Assert.Matches(@"read       (\d+) of \1 chunks came back from the replica", recovered.Output);

        await using var next = await VaultProcess.StartAsync(data, settings);
        Assert.Equal(
            content,
            await next.Client.GetByteArrayAsync(new Uri(new Uri(await next.LinkAsync(id)).AbsolutePath, UriKind.Relative))
        );
        var posted = await next.RunAsync("replicate");
        Assert.Equal(0, posted.ExitCode);
        Assert.Contains("made anew in Telegram", posted.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_vault_without_replicas_has_nothing_to_replicate_and_can_be_verified()
    {
        await using var vault = await VaultProcess.StartAsync(Directory.CreateDirectory(Path.Combine(_folder, "vault")).FullName);

        var refused = await vault.RunAsync("replicate");
        var verified = await vault.RunAsync("verify");

        Assert.Equal((1, 0), (refused.ExitCode, verified.ExitCode));
        Assert.Contains("TgVault__Replicas__0__Folder", refused.Error, StringComparison.Ordinal);
    }

    static async Task CopiedAsync(VaultProcess vault)
    {
        // Replicas follow within seconds; the test's own time limit ends it.
        while (!(await vault.RunAsync("status")).Output.Contains(": 1 video", StringComparison.Ordinal)) { }
    }
}
