using System.Diagnostics;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Hosting;
using TgVault.Testing;

namespace TgVault.Functions.Tests;

/// <summary>What a worker does before it takes calls.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class StartTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 60_000)]
    public async Task What_a_killed_worker_left_in_the_temporary_folder_is_removed_when_the_next_one_starts()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        using var mine = TemporaryFile.Create(bench.Settings.Ffmpeg.TemporaryFolder, ".mp4");
        await File.WriteAllTextAsync(mine.Path, "in use");
        var left = mine.Path.Replace($"-{Environment.ProcessId}-", $"-{await EndedProcessAsync()}-", StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync(left, "half a film");

        await bench.Services.PrepareVaultAsync(CancellationToken.None);

        Assert.Equal([mine.Path], Directory.EnumerateFiles(bench.Settings.Ffmpeg.TemporaryFolder, "*", SearchOption.AllDirectories));
        Assert.Single(Directory.EnumerateDirectories(bench.Settings.Ffmpeg.TemporaryFolder));
    }

    static async Task<int> EndedProcessAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.Id;
    }
}
