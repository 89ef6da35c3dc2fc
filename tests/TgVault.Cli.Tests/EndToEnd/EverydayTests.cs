using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>What one does every day: name videos as people do, find, move, rename and tag them.</summary>
[Collection(SharedVaultCollection.Name)]
public sealed class EverydayTests(SharedVault shared)
{
    readonly VaultProcess _vault = shared.Vault;
    readonly string _mark = $"m{Guid.NewGuid():n}"[..12];

    [Fact(Timeout = 120_000)]
    public async Task A_video_is_meant_by_its_id_a_part_of_it_or_its_name()
    {
        var name = $"Äpfel & Birnen {_mark}.txt";
        var id = await StoreAsync(name, "--folder", "Lookup");

        foreach (var given in new[] { id, id[..18], id[^8..], name, $"Lookup/{name}", $"/Lookup/{name}" })
        {
            var shown = await _vault.RunAsync("show", given, "--json");
            Assert.True(shown.ExitCode == 0, $"{given}: {shown.Error}");
            Assert.Equal(id, JsonDocument.Parse(shown.Output).RootElement.GetProperty("id").GetString());
        }

        foreach (var given in new[] { id[^5..], "7ybq", $"Elsewhere/{name}", $"{_mark}.txt", "zzzzzzzz" })
        {
            var shown = await _vault.RunAsync("show", given);
            Assert.Equal(1, shown.ExitCode);
            Assert.Contains("There is no video", shown.Error, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_name_that_several_have_is_refused_with_their_ids_and_removes_nothing()
    {
        var name = $"twice {_mark}.txt";
        var first = await StoreAsync(name, "--folder", "One");
        var second = await StoreAsync(name, "--folder", "Two");

        var removed = await _vault.RunAsync("rm", name, "--yes");
        var one = await _vault.RunAsync("rm", $"One/{name}", "--yes");

        Assert.Equal(1, removed.ExitCode);
        Assert.Empty(removed.Output);
        Assert.Contains(first, removed.Error, StringComparison.Ordinal);
        Assert.Contains(second, removed.Error, StringComparison.Ordinal);
        Assert.Equal((0, first), (one.ExitCode, one.Output.Trim()));
    }

    [Fact(Timeout = 120_000)]
    public async Task Videos_are_moved_renamed_and_tagged_several_at_once()
    {
        var first = await StoreAsync($"a {_mark}.txt", "--tag", "old", "--tag", "kept");
        var second = await StoreAsync($"b {_mark}.txt");

        var moved = await _vault.RunAsync("mv", first, second, $"/{_mark}/Kids/");
        var edited = await _vault.RunAsync("edit", first, second, "--tag", "new", "--untag", "old", "--description", "Summer");
        var renamed = await _vault.RunAsync("edit", second, "--name", $"c {_mark}.txt", "--json");
        var both = await _vault.RunAsync("edit", first, second, "--name", "same.txt");
        var nothing = await _vault.RunAsync("edit", first);

        Assert.Equal((0, 0, 0), (moved.ExitCode, edited.ExitCode, renamed.ExitCode));
        Assert.Equal((2, 2), (both.ExitCode, nothing.ExitCode));
        var one = await ShowAsync(first);
        Assert.Equal($"{_mark}/Kids", one.GetProperty("folder").GetString());
        Assert.Equal(["kept", "new"], one.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("Summer", one.GetProperty("description").GetString());
        Assert.Equal($"c {_mark}.txt", (await ShowAsync(second)).GetProperty("name").GetString());

        var out1 = await _vault.RunAsync("mv", first, "/");
        Assert.Equal(0, out1.ExitCode);
        Assert.Equal("", (await ShowAsync(first)).GetProperty("folder").GetString());
    }

    [Fact(Timeout = 120_000)]
    public async Task Lists_say_how_many_more_there_are_and_pipes_get_the_promised_columns()
    {
        for (var i = 0; i < 3; i++)
            await StoreAsync($"{i} {_mark}.txt", "--folder", $"{_mark}/Inner");

        var listed = await _vault.RunAsync("ls", "--folder", $"/{_mark}/Inner/", "--limit", "2");
        var found = await _vault.RunAsync("search", _mark.ToUpperInvariant());
        var folders = await _vault.RunAsync("folders");
        var tree = await _vault.RunAsync("tree", _mark);
        var wrong = await _vault.RunAsync("ls", "--folder", $"{_mark}/Outer");
        var below = await _vault.RunAsync("ls", "--folder", _mark, "--below");

        Assert.Equal(2, Lines(listed.Output).Length);
        Assert.Contains("--all", listed.Error, StringComparison.Ordinal);
        var cells = Lines(listed.Output)[0].Split('\t');
        Assert.Equal(5, cells.Length);
        Assert.Equal(26, cells[0].Length);
        Assert.Equal(("ready", "7 B", $"2 {_mark}.txt"), (cells[1], cells[2], cells[4]));
        Assert.Equal(3, Lines(found.Output).Length);
        Assert.Equal(3, Lines(below.Output).Length);
        Assert.StartsWith("1 more", listed.Error, StringComparison.Ordinal);
        Assert.Contains($"\t{_mark}/Inner\n", folders.Output, StringComparison.Ordinal);
        Assert.Equal([$"{_mark}/ (3)", "└── Inner/ (3)", $"    ├── 0 {_mark}.txt"], Lines(tree.Output)[..3]);
        Assert.Equal((0, ""), (wrong.ExitCode, wrong.Output));
        Assert.NotEmpty(wrong.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_play_gets_no_link_and_what_cannot_be_tried_again_is_said_truly()
    {
        var kept = await StoreAsync($"{_mark}.mp4");

        var hls = await _vault.RunAsync("link", kept, "--kind", "hls");
        var file = await _vault.RunAsync("link", kept);
        var retried = await _vault.RunAsync("retry", kept);

        Assert.Equal((1, ""), (hls.ExitCode, hls.Output));
        Assert.Contains("--kind mp4", hls.Error, StringComparison.Ordinal);
        Assert.Equal(0, file.ExitCode);
        Assert.Equal((1, ""), (retried.ExitCode, retried.Output));
        Assert.Contains("would be again", retried.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_other_commands_of_this_kind_take_is_taken_too()
    {
        var name = $"words {_mark}.txt";
        var id = await StoreAsync(name, "--folder", _mark);

        var piped = await _vault.RunAsync("get", name, "-o", "-");
        var listed = await _vault.RunAsync("ls", $"/{_mark}/");
        var like = await _vault.RunAsync("show", _mark);
        var poster = await _vault.RunAsync("poster", name, "--at", "1");
        await _vault.RunAsync("keys", "add", _mark, "--scope", "read");
        var revoked = await _vault.RunAsync("keys", "revoke", _mark);

        Assert.Equal((0, "content"), (piped.ExitCode, piped.Output));
        Assert.StartsWith(id, listed.Output, StringComparison.Ordinal);
        Assert.Contains($"do you mean {id}", like.Error, StringComparison.Ordinal);
        Assert.Contains("kept as a file", poster.Error, StringComparison.Ordinal);
        Assert.Equal(0, revoked.ExitCode);
        Assert.DoesNotContain(_mark, (await _vault.RunAsync("keys")).Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_to_watch_and_the_status_are_told()
    {
        var id = await StoreAsync($"{_mark}.txt");

        var watched = await _vault.RunAsync("watch");
        var status = await _vault.RunAsync("status");
        var json = await _vault.RunAsync("status", "--json");

        Assert.Equal(0, watched.ExitCode);
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("1 bot, 1 channel", status.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^stored    \d+(\.\d)? \w+ in Telegram$", status.Output);
        Assert.Matches(@"(?m)^free      \d+(\.\d)? \w+ on the vault's disk$", status.Output);
        var told = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(JsonValueKind.Object, told.GetProperty("vault").ValueKind);
        Assert.Equal(JsonValueKind.Number, told.GetProperty("now").GetProperty("queue").GetProperty("videos").ValueKind);
        Assert.NotEmpty(id);
    }

    async Task<string> StoreAsync(string name, params string[] arguments)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(shared.Folder, Guid.NewGuid().ToString("n"))).FullName, name);
        await File.WriteAllTextAsync(path, "content");
        return (await _vault.UploadAsync(path, arguments)).GetProperty("id").GetString()!;
    }

    async Task<JsonElement> ShowAsync(string id) => JsonDocument.Parse((await _vault.RunAsync("show", id, "--json")).Output).RootElement;

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
