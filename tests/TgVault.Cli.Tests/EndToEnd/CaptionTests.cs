using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>Captions through the command line: those an upload brings, and those that come later.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class CaptionTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;

    [Fact(Timeout = 240_000)]
    public async Task Captions_are_listed_replaced_and_removed()
    {
        var id = (await _vault.UploadAsync(await CaptionClips.PathAsync("captions.mkv"))).GetProperty("id").GetString()!;
        var srt = Path.Combine(shared.Folder, "english.srt");
        await File.WriteAllTextAsync(srt, "1\r\n00:00:01,000 --> 00:00:02,000\r\nLater & better\r\n");

        var listed = await _vault.RunAsync("caption", id);
        var put = await _vault.RunAsync("caption", id, srt, "--lang", "eng", "--name", "English (new)", "--json");
        var after = await _vault.RunAsync("caption", id, "--json");
        var removed = await _vault.RunAsync("caption", id, "--remove", "de");
        var shown = await _vault.RunAsync("show", id);

        Assert.Equal(["en", "de"], listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]));
        Assert.True(put.ExitCode == 0, put.Error);
        Assert.Equal("stored", JsonDocument.Parse(put.Output).RootElement.GetProperty("status").GetString());
        Assert.Equal(
            ["de Deutsch (voll)", "en English (new)"],
            JsonDocument
                .Parse(after.Output)
                .RootElement.EnumerateArray()
                .Select(one => $"{one.GetProperty("language").GetString()} {one.GetProperty("name").GetString()}")
                .Order(StringComparer.Ordinal)
        );
        Assert.True(removed.ExitCode == 0, removed.Error);
        Assert.Equal("en", Assert.Single(removed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Split('\t')[0]);
        Assert.Contains("captions  en", shown.Output, StringComparison.Ordinal);
        var link = await _vault.LinkAsync(id);
        var text = await UntilAsync(
            link.Replace("video.mp4", "captions/en.vtt", StringComparison.Ordinal),
            text => text.Contains("better", StringComparison.Ordinal)
        );
        Assert.Equal("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nLater &amp; better\n\n", text);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_wrong_is_one_line_that_says_where()
    {
        var id = (await _vault.UploadAsync(await Mp4Clips.PathAsync("second.mp4"))).GetProperty("id").GetString()!;
        var bad = Path.Combine(shared.Folder, "bad.srt");
        await File.WriteAllTextAsync(bad, "1\n00:00:01,000 --> soon\na\n");
        var other = Path.Combine(shared.Folder, "captions.docx");
        await File.WriteAllTextAsync(other, "no captions");

        (string Says, CommandOutput Output)[] runs =
        [
            ("Line 2", await _vault.RunAsync("caption", id, bad, "--lang", "en")),
            ("BCP 47", await _vault.RunAsync("caption", id, bad, "--lang", "en_US")),
            ("neither .srt nor .vtt", await _vault.RunAsync("caption", id, other, "--lang", "en")),
            ("no file", await _vault.RunAsync("caption", id, bad + ".srt", "--lang", "en")),
            ("go together", await _vault.RunAsync("caption", id, bad)),
            ("no captions in fr", await _vault.RunAsync("caption", id, "--remove", "fr")),
        ];

        Assert.All(
            runs,
            run =>
            {
                Assert.NotEqual(0, run.Output.ExitCode);
                Assert.Empty(run.Output.Output);
                Assert.Contains(
                    run.Says,
                    Assert.Single(run.Output.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                    StringComparison.Ordinal
                );
            }
        );
    }

    // Players may be given what was there some seconds ago.
    static async Task<string> UntilAsync(string url, Func<string, bool> isThere)
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var text = await client.GetStringAsync(new Uri(url), limit.Token);
            if (isThere(text))
                return text;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
