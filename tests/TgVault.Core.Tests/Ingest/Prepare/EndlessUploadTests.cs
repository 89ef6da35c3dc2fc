using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Engine;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Engine;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>Uploads that keep ffmpeg busy for ever: who comes after them does not wait, and removing one ends its ffmpeg.</summary>
[Collection(AzuriteCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class EndlessUploadTests(AzuriteFixture azurite) : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tgvault-endless-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Two_of_them_keep_no_third_one_waiting_and_removing_them_ends_their_ffmpeg()
    {
        await WritePrograms();
        var time = new WatchedTime(new Signal());
        await using var bench = await OpenAsync(time);
        var film = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("tracks-subtitles.mkv"));
        var runner = bench.Get<IngestRunner>();
        await runner.StartAsync(CancellationToken.None);

        var (first, _) = await bench.UploadAsync("endless.mkv", [.. film, .. "ENDLESS"u8]);
        var (second, _) = await bench.UploadAsync("endless too.mkv", [.. film, .. "ENDLESS"u8]);
        await FolderChanges.UntilAsync(_folder.FullName, () => Running().Count == 2, CancellationToken.None);
        var (third, _) = await bench.UploadAsync("film.mkv", film);
        await UntilAsync(async () => (await bench.ShowAsync(third)).Life.Stage == IngestStage.Preparing);
        // They have run for long by now.
        time.Advance(FfmpegPlaces.Long);
        await UntilAsync(async () => (await bench.ShowAsync(third)).Life.Status == VideoStatus.Ready);

        var endless = Running();
        Assert.All(endless, id => Assert.True(IsRunning(id)));
        await runner.RemoveAsync(first, CancellationToken.None);
        await runner.RemoveAsync(second, CancellationToken.None);
        await UntilAsync(() => Task.FromResult(!endless.Exists(IsRunning)));
        await UntilAsync(async () => await bench.Library.FindAsync(first, CancellationToken.None) is null);
        await runner.StopAsync(CancellationToken.None);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
    }

    string Temporary => Path.Combine(_folder.FullName, "temporary");

    List<int> Running() =>
        [.. Directory.EnumerateFiles(_folder.FullName, "pid-*").Select(path => int.Parse(Path.GetFileName(path)[4..], null))];

    Task<IngestBench> OpenAsync(WatchedTime time) =>
        IngestBench.OpenAsync(
            azurite,
            settings =>
                settings with
                {
                    Uploads = settings.Uploads with { WatchMilliseconds = 100 },
                    Ffmpeg = new FfmpegSettings { Folder = _folder.FullName, TemporaryFolder = Temporary },
                },
            services: services =>
                services
                    .AddSingleton(provider => new FfmpegPlaces(provider.GetRequiredService<IngestSettings>(), time))
                    .AddSingleton(provider => new FfmpegTools(provider.GetRequiredService<FfmpegSettings>()) { Notes = [_folder.FullName] })
        );

    async Task WritePrograms()
    {
        Directory.CreateDirectory(Temporary);
        var script = Path.Combine(_folder.FullName, "ffmpeg");
        await File.WriteAllTextAsync(
            script,
            $"""
            #!/bin/bash
            for a in "$@"; do
              [ "$before" = -i ] && [ "$(tail -c 7 "$a")" = ENDLESS ] && touch {_folder.FullName}/pid-$$ && exec sleep 600
              before=$a
            done
            exec {await WhereAsync("ffmpeg")} "$@"

            """
        );
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "ffprobe"), await WhereAsync("ffprobe"));
    }

    static async Task<string> WhereAsync(string program) =>
        RepositoryFolders.Layer() is { Length: > 0 } layer
            ? Path.Combine(layer, program)
            : (await Mp4Clips.RunAsync("which", program)).Trim();

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
            await timer.WaitForNextTickAsync();
    }

    static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            // One that its parent has not asked after yet is dead all the same.
            return !process.HasExited && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }
}
