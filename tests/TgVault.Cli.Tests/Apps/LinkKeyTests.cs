using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using TgVault.Cli.Tests.EndToEnd;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Apps;

/// <summary>
/// Link keys on the command line. docs/embed.md does with all three programs what is done here with one, and is run by PageTests.
/// </summary>
[Collection(SharedVaultCollection.Name)]
public sealed class LinkKeyTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;

    [Fact(Timeout = 180_000)]
    public async Task A_key_is_printed_with_programs_that_make_links_until_it_is_revoked()
    {
        var video = (await _vault.UploadAsync(await Mp4Clips.PathAsync("second.mp4"))).GetProperty("id").GetString()!;

        var made = await _vault.RunAsync("link-key", "the shop");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        var values = made.Output.Split('\n').Take(3).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var id = values["TGVAULT_LINK_KEY_ID"];
        Assert.Contains($"\n  ./tgvault link-keys revoke {id}\n", made.Output, StringComparison.Ordinal);
        foreach (var file in new[] { "link.cs", "link.mjs", "link.py" })
            Assert.Contains($" {file} ---\n\n{await SampleAsync(file)}", made.Output, StringComparison.Ordinal);
        var link = await RunSampleAsync("link.mjs", values, video);
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(link));
        var listed = await ListedAsync(id);
        Assert.Equal("the shop", listed?.GetProperty("name").GetString());
        Assert.True(listed?.TryGetProperty("lastUsed", out _));

        Assert.Equal(0, (await _vault.RunAsync("link-keys", "revoke", id)).ExitCode);

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(link));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(await RunSampleAsync("link.mjs", values, video)));
        Assert.Null(await ListedAsync(id));
        var again = await _vault.RunAsync("link-keys", "revoke", id);
        Assert.Equal((1, "tgvault: There is no link key with this id."), (again.ExitCode, again.Error.Trim()));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_script_gets_the_values_alone_or_json()
    {
        var values = await _vault.RunAsync("link-key", "--values");
        var json = await _vault.RunAsync("link-key", "shop", "--json");

        Assert.Matches(
            $@"^TGVAULT_LINK_KEY_ID=v1\.[0-9a-f]{{16}}\nTGVAULT_LINK_KEY=[0-9a-f]{{64}}\nVAULT=http://localhost:\d+\n$",
            values.Output
        );
        var made = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("shop", made.GetProperty("key").GetProperty("name").GetString());
        Assert.Matches("^[0-9a-f]{64}$", made.GetProperty("secret").GetString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("csharp", "link.cs")]
    [InlineData("javascript", "link.mjs")]
    [InlineData("python", "link.py")]
    public async Task A_program_alone_is_printed_without_a_vault(string language, string file)
    {
        var printed = await TgvaultCommand.RunAsync(Path.GetTempPath(), "link-key", "--sample", language);

        Assert.Equal((0, await SampleAsync(file)), (printed.ExitCode, printed.Output));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("link-key --sample cobol")]
    [InlineData("link-key --sample python --values")]
    [InlineData("link-keys revoke")]
    public async Task A_wrong_command_line_is_one_sentence(string arguments)
    {
        var wrong = await TgvaultCommand.RunAsync(Path.GetTempPath(), arguments.Split(' '));

        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Single(wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    async Task<JsonElement?> ListedAsync(string id)
    {
        var keys = JsonDocument.Parse((await _vault.RunAsync("link-keys", "--json")).Output).RootElement.EnumerateArray();
        return keys.Where(key => key.GetProperty("id").GetString() == id).Select(key => (JsonElement?)key).SingleOrDefault();
    }

    static Task<string> SampleAsync(string file) => File.ReadAllTextAsync(PathOf(file));

    static string PathOf(string file) => Path.Combine(RepositoryFolders.Root(), "docs", "samples", file);

    static async Task<string> RunSampleAsync(string file, Dictionary<string, string> values, string video)
    {
        var start = new ProcessStartInfo("node", [PathOf(file), video]) { RedirectStandardOutput = true };
        foreach (var (name, value) in values)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }

    static async Task<HttpStatusCode> StatusAsync(string url)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(0, 99) } };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
