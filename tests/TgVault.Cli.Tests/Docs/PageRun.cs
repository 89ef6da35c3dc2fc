using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Docs;

/// <summary>
/// Runs the commands of one page as its reader would: the real script, in a folder that looks like the clone, block after block in one
/// shell. The vault of the page (`./tgvault up`, the page's own or one that it takes for granted) gets a free port and its data in that
/// folder.
/// </summary>
internal sealed partial class PageRun : IAsyncDisposable
{
    const string Up = "./tgvault up";
    const string DefaultAddress = "localhost:7071";

    // The first command of a clone installs and builds.
    static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(4);
    static readonly TimeSpan LongestBlock = TimeSpan.FromMinutes(4);

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-docs-").FullName;
    readonly int _port = Free.Port();
    readonly PrintedText _printed = new();
    readonly DocPage _page;
    readonly Process _shell;
    Process? _vault;

    PageRun(DocPage page)
    {
        _page = page;
        foreach (var path in Directory.EnumerateFileSystemEntries(RepositoryFolders.Root()))
        {
            // Without what builds leave, and without hidden files: a page has its own .tgvault.
            if (Path.GetFileName(path) is var name && name is not ("obj" or "bin" or "TestResults") && name[0] != '.')
                File.CreateSymbolicLink(Path.Combine(_folder, name), path);
        }

        foreach (var sample in page.Fences.Where(fence => fence.FileName is not null))
            File.WriteAllText(Path.Combine(_folder, sample.FileName!), sample.Text);
        Directory.CreateDirectory(State);
        _shell = Start([]);
        _shell.StandardInput.WriteLine("set -euo pipefail");
    }

    // What commands keep for their user, so that a test leaves nothing behind in the real home.
    string State => Path.Combine(_folder, ".state");

    string Data => Path.Combine(_folder, ".tgvault");

    /// <summary>Runs every block in <c>sh</c> of the page; returns how many that were.</summary>
    public static async Task<int> RunAsync(DocPage page)
    {
        await using var run = new PageRun(page);
        var commands = page.Fences.Where(fence => fence.Language == "sh").ToList();
        if (!StartsVault().IsMatch(commands[0].Text))
        {
            File.Copy(await Mp4Clips.PathAsync("h264-aac.mkv"), Path.Combine(run._folder, "film.mkv"));
            await run.StartVaultAsync(Up);
        }

        foreach (var command in commands)
        {
            var text = run._printed.Translate(command.Text).Replace(DefaultAddress, $"localhost:{run._port}", StringComparison.Ordinal);
            var printed = StartsVault().IsMatch(text) ? await run.StartVaultAsync(text.TrimEnd()) : await run.RunBlockAsync(command, text);
            if (page.OutputOf(command) is { } output)
                run._printed.Compare($"{page.Name}:{output.Line}", output.Text, printed);
        }

        await run.StopVaultAsync();
        return commands.Count;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _shell, _vault })
        {
            if (process is { HasExited: false })
                process.Kill(entireProcessTree: true);
            if (process is not null)
                await process.WaitForExitAsync();
            process?.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    async Task<string> RunBlockAsync(Fence block, string text)
    {
        var file = Path.Combine(State, string.Create(CultureInfo.InvariantCulture, $"line-{block.Line}"));
        await File.WriteAllTextAsync(file, text);
        // A command that fails ends the shell, and with it the line that is waited for.
        await _shell.StandardInput.WriteLineAsync($". '{file}' >'{file}.out' 2>'{file}.err' </dev/null; echo done");
        string? answer;
        try
        {
            answer = await _shell.StandardOutput.ReadLineAsync().WaitAsync(LongestBlock);
        }
        catch (TimeoutException)
        {
            answer = "not done in time";
        }

        var printed = await File.ReadAllTextAsync(file + ".out");
        Assert.True(
            answer == "done",
            $"{_page.Name}:{block.Line}: these commands failed ({answer ?? "ended"}):\n{text}\n{printed}\n"
                + await File.ReadAllTextAsync(file + ".err")
        );
        return printed;
    }

    /// <summary>Starts the vault as the page says, but on this run's port; returns what it has printed once it is up.</summary>
    async Task<string> StartVaultAsync(string command)
    {
        await StopVaultAsync();
        var vault = Start(["-c", string.Create(CultureInfo.InvariantCulture, $"{command} --port {_port}")]);
        _vault = vault;
        var errors = vault.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        using var limit = new CancellationTokenSource(LongestStart);
        while (await vault.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("Upload with", StringComparison.Ordinal))
                return string.Join('\n', lines);
        }

        throw new InvalidOperationException($"{_page.Name}: the vault did not come up:\n{string.Join('\n', lines)}\n{await errors}");
    }

    /// <summary>Ctrl-C, and all is well.</summary>
    async Task StopVaultAsync()
    {
        if (_vault is null)
            return;
        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "run.json")));
        using var kill = Process.Start("kill", ["-INT", run.RootElement.GetProperty("pid").ToString()]);
        await kill.WaitForExitAsync();
        await _vault.WaitForExitAsync().WaitAsync(LongestBlock);
        Assert.Equal(0, _vault.ExitCode);
        _vault.Dispose();
        _vault = null;
    }

    Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("bash", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "TGVAULT_URL", "TGVAULT_KEY", "CI" })
            start.Environment.Remove(name);
        start.Environment["TGVAULT_DATA"] = Data;
        // Samples in C# are built where they are run; neither their output nor a build server may outlive the test.
        start.Environment["XDG_DATA_HOME"] = State;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        if (RepositoryFolders.Layer() is { Length: > 0 } layer)
            start.Environment["TgVault__Ffmpeg__Folder"] = layer;
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"\./tgvault up\s")]
    private static partial Regex StartsVault();
}
