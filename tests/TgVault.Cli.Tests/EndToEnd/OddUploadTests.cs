using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>Uploads that are not what they seem, or not what one would wish for: each ends in a clear status.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class OddUploadTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;

    [Fact(Timeout = 120_000)]
    public async Task A_text_named_mp4_is_kept_as_a_file_and_said_to_be_one()
    {
        var path = Write("notes.mp4", "not a video"u8.ToArray());

        var uploaded = await _vault.RunAsync("upload", path, "--wait");
        var shown = await ShowAsync(uploaded.Output.Split(' ')[0]);

        Assert.Equal(0, uploaded.ExitCode);
        Assert.Contains("kept as a file", uploaded.Error, StringComparison.Ordinal);
        Assert.Equal("keepAsFile", shown.GetProperty("decision").GetString());
        Assert.Equal(
            "not a video"u8.ToArray(),
            await _vault.Client.GetByteArrayAsync(new Uri($"/api/stream?file_id={shown.GetProperty("id").GetString()}", UriKind.Relative))
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task An_empty_file_is_refused_before_anything_is_made()
    {
        var path = Write("empty.mp4", []);
        var uploaded = await _vault.RunAsync("upload", path, "--wait", "--json");
        var listed = await _vault.RunAsync("search", "empty.mp4");
        using var announced = await _vault.Client.PostAsync(
            new Uri("/api/uploads", UriKind.Relative),
            new StringContent("""{"name":"empty.mp4","size":0}""", System.Text.Encoding.UTF8, "application/json")
        );

        Assert.Equal((1, ""), (uploaded.ExitCode, listed.Output));
        Assert.Equal("error", JsonDocument.Parse(uploaded.Output).RootElement.GetProperty("status").GetString());
        Assert.Contains($"{path} is empty (0 bytes): there is nothing to store.", uploaded.Error, StringComparison.Ordinal);
        Assert.Equal(400, (int)announced.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_truncated_mp4_ends_with_a_reason_and_its_bytes_are_kept()
    {
        var whole = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac.mp4"));
        var cut = whole[..(whole.Length / 2)];

        var video = await _vault.UploadAsync(Write("cut.mp4", cut));

        Assert.Contains(video.GetProperty("status").GetString(), new[] { "ready", "failed" });
        Assert.NotEmpty(video.GetProperty("reason").GetString()!);
        if (video.GetProperty("status").GetString() == "ready")
            Assert.Equal(
                cut,
                await _vault.Client.GetByteArrayAsync(
                    new Uri($"/api/stream?file_id={video.GetProperty("id").GetString()}", UriKind.Relative)
                )
            );
    }

    [Theory(Timeout = 120_000)]
    [InlineData("it's \"quoted\".txt")]
    [InlineData("two\nlines\u001b[31m.txt")]
    [InlineData("[red]markup[bold] {0} %s.txt")]
    [InlineData("\U0001F3AC film \u202Egpj.txt")]
    [InlineData("..\\..\\up.txt")]
    [InlineData("-o.txt")]
    public async Task An_odd_name_is_taken_and_listed_without_harm(string name)
    {
        var video = await _vault.UploadAsync(Write(name, "content"u8.ToArray()));
        var listed = await _vault.RunAsync("ls");
        var text = await _vault.RunAsync("show", video.GetProperty("id").GetString()!);

        Assert.Equal("ready", video.GetProperty("status").GetString());
        Assert.Equal(0, listed.ExitCode);
        Assert.All([listed.Output, text.Output], output => Assert.DoesNotContain(output, c => c is '\u001b' or '\u202e'));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_file_and_a_folder_without_films_are_told_and_the_others_go_on()
    {
        var good = Write("good.txt", "content"u8.ToArray());
        var empty = Directory.CreateDirectory(Path.Combine(shared.Folder, "empty")).FullName;

        var uploaded = await _vault.RunAsync("upload", Path.Combine(shared.Folder, "missing.mp4"), empty, good, "--json", "--wait");
        var lines = uploaded
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetString());

        Assert.Equal(1, uploaded.ExitCode);
        Assert.Equal(["error", "error", "ready"], lines);
        Assert.Contains("missing.mp4 does not exist", uploaded.Error, StringComparison.Ordinal);
        Assert.Contains("neither film nor music", uploaded.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", uploaded.Error, StringComparison.Ordinal);
    }

    async Task<JsonElement> ShowAsync(string id) => JsonDocument.Parse((await _vault.RunAsync("show", id, "--json")).Output).RootElement;

    string Write(string name, byte[] content)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(shared.Folder, Guid.NewGuid().ToString("n"))).FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
