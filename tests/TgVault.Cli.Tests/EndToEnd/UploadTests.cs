using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>What may be uploaded, what is there already, and how an upload says that it did not end well.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class UploadTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;
    readonly string _mark = $"u{Guid.NewGuid():n}"[..12];

    [Fact(Timeout = 120_000)]
    public async Task A_folder_is_uploaded_with_its_structure_and_what_is_skipped_is_said()
    {
        var folder = Path.Combine(shared.Folder, _mark);
        Write(Path.Combine(folder, "a.mp4"), $"{_mark} a");
        Write(Path.Combine(folder, "Kids", "b.mkv"), $"{_mark} b");
        Write(Path.Combine(folder, "notes.txt"), "c");

        var uploaded = await _vault.RunAsync("upload", folder, "--wait", "--json");

        Assert.Equal(0, uploaded.ExitCode);
        Assert.Equal(
            [(_mark, "a.mp4"), ($"{_mark}/Kids", "b.mkv")],
            Videos(uploaded.Output).Select(video => (video.GetProperty("folder").GetString()!, video.GetProperty("name").GetString()!))
        );
        Assert.Contains("notes.txt", uploaded.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_there_already_is_not_uploaded_again_unless_that_is_wanted()
    {
        var path = Write(Path.Combine(shared.Folder, _mark, $"{_mark}.txt"), $"{_mark} content");
        var other = Write(Path.Combine(shared.Folder, _mark, "other", $"{_mark}.txt"), $"{_mark} CONTENT");
        var first = Id(await _vault.RunAsync("upload", path, "--wait", "--json"));

        var same = await _vault.RunAsync("upload", path, "--wait", "--json");
        var again = await _vault.RunAsync("upload", path, "--wait", "--json", "--again");
        var different = await _vault.RunAsync("upload", other, "--wait", "--json");

        Assert.Equal((0, first), (same.ExitCode, Id(same)));
        Assert.Contains($"is there already as {first}", same.Error, StringComparison.Ordinal);
        Assert.NotEqual(first, Id(again));
        Assert.NotEqual(first, Id(different));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_copy_under_another_name_is_known_by_its_hash_also_within_one_command()
    {
        var folder = Path.Combine(shared.Folder, _mark);
        string[] copies = [.. new[] { "one.txt", "two.txt", "three.txt" }.Select(name => Write(Path.Combine(folder, name), _mark))];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_mark)));

        var together = await _vault.RunAsync("upload", copies[0], copies[1], "--wait", "--json");
        var later = await _vault.RunAsync("upload", copies[2], "--wait", "--json");
        var shown = await _vault.RunAsync("show", Id(later));
        using var found = await _vault.Client.GetAsync(new Uri($"/api/videos?sha256={hash.ToUpperInvariant()}", UriKind.Relative));

        var id = Assert.Single(Videos(together.Output).Concat(Videos(later.Output)).Select(IdOf).Distinct());
        Assert.Contains($"two.txt is there already as one.txt ({id})", together.Error, StringComparison.Ordinal);
        Assert.Contains($"three.txt is there already as one.txt ({id})", later.Error, StringComparison.Ordinal);
        Assert.Contains($"sha256    {hash}", shown.Output, StringComparison.Ordinal);
        var listed = JsonDocument.Parse(await found.Content.ReadAsStringAsync()).RootElement.GetProperty("videos");
        Assert.Equal([(id, hash)], listed.EnumerateArray().Select(video => (IdOf(video), video.GetProperty("sha256").GetString()!)));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_address_is_fetched_and_uploaded_and_nothing_of_it_stays()
    {
        await using var site = await SiteAsync(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/named":
                    context.Response.Headers.ContentDisposition = $"attachment; filename=\"{_mark} named.txt\"";
                    await context.Response.WriteAsync("without a length");
                    await context.Response.Body.FlushAsync();
                    break;
                case "/moved":
                    context.Response.Redirect($"/{_mark}.txt?token=secret");
                    break;
                case "/page":
                    context.Response.ContentType = "text/html";
                    await context.Response.WriteAsync("<html>");
                    break;
                case { } path when path.EndsWith(".txt", StringComparison.Ordinal):
                    await context.Response.WriteAsync("moved there");
                    break;
                default:
                    context.Response.StatusCode = 404;
                    break;
            }
        });
        var url = site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        var uploaded = await _vault.RunAsync("upload", $"{url}/named", $"{url}/moved", "--wait", "--json", "--folder", _mark);
        var wrong = await _vault.RunAsync("upload", $"{url}/page", $"{url}/nothing?key=secret", $"http://localhost:{Free.Port()}/x.mp4");

        Assert.True(uploaded.ExitCode == 0, uploaded.Error);
        Assert.Equal(
            [($"{_mark} named.txt", 16), ($"{_mark}.txt", 11)],
            Videos(uploaded.Output).Select(video => (video.GetProperty("name").GetString()!, video.GetProperty("size").GetInt32()))
        );
        Assert.Equal(1, wrong.ExitCode);
        Assert.Equal(3, wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("web page", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("404", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_vault.Folder, "*.fetched", SearchOption.AllDirectories));
    }

    [Fact(Timeout = 180_000)]
    public async Task Storage_that_is_lost_in_the_middle_is_one_sentence_and_the_same_command_goes_on()
    {
        var path = Path.Combine(shared.Folder, $"{_mark}.bin");
        WriteLong(path);
        string error;
        await using (var proxy = await HoldingProxy.StartAsync(24 << 20))
        {
            using var process = TgvaultCommand.Start(shared.Folder, proxy.Environment, ["upload", path, "--data", _vault.Folder]);
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var read = process.StandardError.ReadToEndAsync(limit.Token);
            await FolderChanges.UntilAsync(shared.Folder, () => JournalLines() >= 3, limit.Token);
            // From now on nobody answers there.
            await proxy.DisposeAsync();
            await process.WaitForExitAsync(limit.Token);
            error = await read;
            Assert.Equal(1, process.ExitCode);
        }

        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 1, 2);
        Assert.Contains("trying again", lines[0], StringComparison.Ordinal);
        Assert.Matches("[1-9][0-9]? % has arrived; the same command goes on from there", lines[^1]);
        var whole = await _vault.RunAsync("upload", path, "--wait");
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Contains("going on", whole.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_interrupted_upload_says_what_the_same_command_does()
    {
        var path = Path.Combine(shared.Folder, $"{_mark}.bin");
        WriteLong(path);
        await using var proxy = await HoldingProxy.StartAsync(24 << 20);
        using var process = TgvaultCommand.Start(shared.Folder, proxy.Environment, ["upload", path, "--data", _vault.Folder]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await FolderChanges.UntilAsync(shared.Folder, () => JournalLines() >= 3, limit.Token);

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        var error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(130, process.ExitCode);
        Assert.Matches("Stopped. [1-9][0-9]? % of .* has arrived: the same command goes on from there", error);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, (await _vault.RunAsync("upload", path)).ExitCode);
    }

    int JournalLines()
    {
        try
        {
            return Directory.Exists(Path.Combine(_vault.Folder, "uploads"))
                ? Directory
                    .GetFiles(Path.Combine(_vault.Folder, "uploads"), "*.upload")
                    .Select(File.ReadAllLines)
                    .Where(lines => lines is [var head, ..] && head.Contains(_mark, StringComparison.Ordinal))
                    .Sum(lines => lines.Length)
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static async Task<WebApplication> SiteAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    static IEnumerable<JsonElement> Videos(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);

    static string Id(CommandOutput output) => IdOf(Videos(output.Output).Single());

    static string IdOf(JsonElement video) => video.GetProperty("id").GetString()!;

    // Of no other test: what is there already would not be sent.
    void WriteLong(string path)
    {
        using var file = File.Create(path);
        file.Write(Encoding.UTF8.GetBytes(_mark));
        file.SetLength(64 << 20);
    }

    static string Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
