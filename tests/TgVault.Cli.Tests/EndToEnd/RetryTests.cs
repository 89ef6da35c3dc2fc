using System.Security.Cryptography;
using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>A film that was kept as a file plays once the vault is set for it, without a new upload.</summary>
public sealed class RetryTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-retry-").FullName;

    [Fact(Timeout = 240_000)]
    public async Task A_kept_film_is_made_playable_by_a_retry_under_its_id_and_with_its_links()
    {
        var film = await Mp4Clips.PathAsync("ten-bit.mkv");
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(film)));
        string id;
        string link;
        await using (var vault = await VaultProcess.StartAsync(_folder))
        {
            var kept = await vault.UploadAsync(film, "--folder", "Films");
            id = kept.GetProperty("id").GetString()!;
            link = new Uri(await vault.LinkAsync(id)).PathAndQuery;
            var refused = await vault.RunAsync("retry", id);

            Assert.Equal("keepAsFile", kept.GetProperty("decision").GetString());
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("start it with TgVault__Ingest__TranscodeVideo=true", refused.Error, StringComparison.Ordinal);
        }

        await using (
            var vault = await VaultProcess.StartAsync(
                _folder,
                new Dictionary<string, string> { ["TgVault__Ingest__TranscodeVideo"] = "true" }
            )
        )
        {
            var retried = await vault.RunAsync("retry", id);
            var video = await PlayableAsync(vault, id);

            Assert.True(retried.ExitCode == 0, retried.Error);
            Assert.Equal(
                ("ready", 2, "Films", hash),
                (
                    video.GetProperty("status").GetString(),
                    video.GetProperty("attempt").GetInt32(),
                    video.GetProperty("folder").GetString(),
                    video.GetProperty("sha256").GetString()
                )
            );
            Assert.Equal("video/mp4", video.GetProperty("contentType").GetString());
            var playlist = link.Replace("video.mp4", "hls/master.m3u8", StringComparison.Ordinal);
            using var played = await vault.Client.GetAsync(new Uri(playlist, UriKind.Relative));
            Assert.Equal(200, (int)played.StatusCode);
        }
    }

    /// <summary>The video once it is ready and no file any more, looked for until then.</summary>
    static async Task<JsonElement> PlayableAsync(VaultProcess vault, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var text = await vault.Client.GetStringAsync(new Uri($"/api/videos/{id}", UriKind.Relative), limit.Token);
            var video = JsonDocument.Parse(text).RootElement;
            if (video.GetProperty("status").GetString() == "ready" && Decision(video) != "keepAsFile")
                return video;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    static string? Decision(JsonElement video) => video.TryGetProperty("decision", out var decision) ? decision.GetString() : null;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
