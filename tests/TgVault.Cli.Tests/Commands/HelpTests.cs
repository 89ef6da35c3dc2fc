using System.Diagnostics;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Commands;

/// <summary>Help, wrong command lines and completion, as a shell sees them.</summary>
public sealed class HelpTests
{
    static readonly string Here = Path.GetTempPath();

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("help")]
    [InlineData("--help")]
    public async Task Help_is_asked_for_in_every_way(string arguments)
    {
        var help = await TgvaultCommand.RunAsync(Here, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        foreach (var command in new[] { "upload", "search", "edit", "test", "package", "completion", "help" })
            Assert.Matches($@"\n  {command}\b", help.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Help_of_a_command_is_its_own()
    {
        var help = await TgvaultCommand.RunAsync(Here, "help", "upload");

        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--again", help.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("uplod x", "There is no command uplod; do you mean upload?")]
    [InlineData("nothinglikeit", "There is no command nothinglikeit.")]
    [InlineData("--data x ls", "Options stand behind the command")]
    [InlineData("upload x --waot", "upload has no option --waot; do you mean --wait?")]
    [InlineData("show", "show --help")]
    [InlineData("ls --limit 0", "--limit must be at least 1")]
    [InlineData("ls --status gone", "--status: argument 'gone' not recognized. Must be one of: 'waiting'")]
    [InlineData("ls Films --folder Films", "Name one folder.")]
    [InlineData("link film --ttl never", "such as 12h or 7d; the longest is 366d, unless the vault is set otherwise.")]
    [InlineData("webhooks edit shop", "Say what to change")]
    [InlineData("mv film Films/Kids.mkv", "`edit ID --name Kids.mkv` renames, also with --folder.")]
    public async Task A_wrong_command_line_is_one_sentence_and_exit_code_2(string arguments, string said)
    {
        var wrong = await TgvaultCommand.RunAsync(Here, arguments.Split(' '));

        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains(said, Assert.Single(wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bash_completes_commands_and_options()
    {
        var script = (await TgvaultCommand.RunAsync(Here, "completion", "bash")).Output;

        Assert.Equal("up upload unlink", await CompleteAsync(script, 1, "./tgvault", "u"));
        Assert.Equal("--tag", await CompleteAsync(script, 3, "./tgvault", "upload", "film.mkv", "--t"));
        Assert.Equal("bash", await CompleteAsync(script, 2, "tgvault", "completion", "b"));
        Assert.Equal("", await CompleteAsync(script, 2, "tgvault", "upload", "film"));
        Assert.Equal("edit", await CompleteAsync(script, 2, "tgvault", "webhooks", "e"));
        Assert.Equal("--disable --data", await CompleteAsync(script, 4, "tgvault", "webhooks", "edit", "shop", "--d"));
        Assert.Equal("hls", await CompleteAsync(script, 4, "tgvault", "link", "film", "--kind", "h"));
        Assert.Equal("read", await CompleteAsync(script, 5, "tgvault", "keys", "add", "tv", "--scope", "r"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Fish_completes_commands_and_options_of_the_one_that_is_called()
    {
        var script = (await TgvaultCommand.RunAsync(Here, "completion", "fish")).Output;
        string[] lines =
        [
            "./tgvault u",
            "tgvault webhooks e",
            "tgvault webhooks edit shop --d",
            "tgvault webhooks --e",
            "tgvault webhooks edit shop --n",
            "tgvault edit film --n",
            "tgvault link film --kind h",
            "tgvault keys add tv --scope r",
            "tgvault completion z",
            "tgvault keys revoke --h",
        ];

        var asked = string.Concat(lines.Select(line => $"complete -C '{line}' | string split -f1 \\t\necho .\n"));
        var given = (await RunAsync("fish", "--no-config", script + asked)).Split(".\n").Select(found => found.Replace('\n', ' ').Trim());

        Assert.Equal(
            ["unlink up upload", "edit", "--data --disable", "", "", "--name", "hls", "read", "zsh", "--help", ""],
            given.Select(found => string.Join(' ', found.Split(' ').Order(StringComparer.Ordinal)))
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task Zsh_completes_commands_and_options()
    {
        var script = (await TgvaultCommand.RunAsync(Here, "completion", "zsh")).Output;

        Assert.Contains("upload:", await ZshAsync("tgvault", ""), StringComparison.Ordinal);
        Assert.Contains("--tag", await ZshAsync("tgvault", "upload", "film.mkv", "--t"), StringComparison.Ordinal);
        Assert.Equal("files", await ZshAsync("tgvault", "upload", "film"));
        Assert.Equal("add ls edit rm test log redeliver rotate", await ZshAsync("tgvault", "webhooks", "e"));
        var inner = await ZshAsync("tgvault", "webhooks", "edit", "shop", "--d");
        Assert.Contains("--disable", inner, StringComparison.Ordinal);
        Assert.DoesNotContain("--name", inner, StringComparison.Ordinal);
        Assert.Equal("dash embed hls mp4", await ZshAsync("tgvault", "link", "film", "--kind", "h"));

        // What zsh's own functions would show, as it is given to them.
        async Task<string> ZshAsync(params string[] words) =>
            (
                await RunAsync(
                    "zsh",
                    "-f",
                    "compdef() { }\ncompadd() { shift; print -r -- $@ }\n_describe() { print -rl -- ${(P)2} }\n_files() { print files }\n"
                        + $"{script}\nwords=({string.Join(' ', words.Select(word => $"'{word}'"))}) CURRENT={words.Length}\n_tgvault\n"
                )
            ).Trim();
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_a_build_help_of_every_command_is_the_scripts_own_and_sets_nothing_up()
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-help-").FullName;
        File.Copy(Path.Combine(RepositoryFolders.Root(), "tgvault"), Path.Combine(folder, "tgvault"));

        foreach (var arguments in new[] { "", "help", "up --help", "func -h", "test --help", "package --help", "help test" })
            Assert.Contains("./tgvault", await RunAsync("bash", $"./tgvault {arguments}", "", folder), StringComparison.Ordinal);

        // A folder for what it builds, at most, and nothing in it.
        Assert.Equal(
            ["tgvault"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path))
        );
        Directory.Delete(folder, recursive: true);
    }

    static async Task<string> CompleteAsync(string script, int at, params string[] words) =>
        (
            await RunAsync(
                "bash",
                "-s",
                $"{script}\nCOMP_WORDS=({string.Join(' ', words)})\nCOMP_CWORD={at}\n_tgvault\necho \"${{COMPREPLY[*]}}\"\n"
            )
        ).Trim();

    static async Task<string> RunAsync(string program, string arguments, string input, string? folder = null)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder ?? Here,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
