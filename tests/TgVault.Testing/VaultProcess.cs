using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TgVault.Testing;

/// <summary>A whole vault, started by `tgvault up` as a process of its own, with the stand-in as its child.</summary>
public sealed class VaultProcess : IAsyncDisposable
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly List<string> _lines = [];
    readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    VaultProcess(Process process, string folder, int port)
    {
        _process = process;
        Folder = folder;
        Port = port;
        Url = new Uri($"http://localhost:{port}");
    }

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    public Uri Url { get; }

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>A client of the managing API.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>What it has printed so far on both outputs.</summary>
    public string Printed
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Starts a vault on a folder and waits until it has said that it is up.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="environment">Variables beyond those of the test.</param>
    /// <param name="arguments">More options of `up`.</param>
    /// <param name="launcher">A program that becomes the vault, with its arguments, where it is to run somewhere else.</param>
    public static async Task<VaultProcess> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string>? environment = null,
        IEnumerable<string>? arguments = null,
        IReadOnlyList<string>? launcher = null
    )
    {
        var port = Free.Port();
        var process = TgvaultCommand.Start(
            folder,
            environment ?? new Dictionary<string, string>(),
            ["up", "--data", folder, "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments ?? []],
            launcher
        );
        var vault = new VaultProcess(process, folder, port);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => vault.Take(line.Data, up);
        process.ErrorDataReceived += (_, line) => vault.Take(line.Data, up);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Task.WhenAny(up.Task, process.WaitForExitAsync()).WaitAsync(LongestStart);
            if (!up.Task.IsCompleted)
                throw new InvalidOperationException($"The vault ended with code {process.ExitCode}:\n{vault.Printed}");
            using var run = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "run.json")));
            vault.Client = new HttpClient
            {
                BaseAddress = vault.Url,
                DefaultRequestHeaders = { { "X-Api-Key", run.RootElement.GetProperty("apiKey").GetString() } },
            };
            return vault;
        }
        catch
        {
            await vault.KillAsync();
            throw;
        }
    }

    /// <summary>A command of a client, from the vault's own data folder.</summary>
    public Task<CommandOutput> RunAsync(params string[] arguments) => TgvaultCommand.RunAsync(Folder, [.. arguments, "--data", Folder]);

    /// <summary>Uploads a file, waits for it, and returns the video as the command printed it.</summary>
    public async Task<JsonElement> UploadAsync(string path, params string[] arguments)
    {
        // Tests that share a vault share clips, and two commands do not send one file at the same time.
        var turn = _turns.GetOrAdd(path, _ => new SemaphoreSlim(1));
        await turn.WaitAsync();
        try
        {
            var uploaded = await RunAsync(["upload", path, "--wait", "--json", "--again", .. arguments]);
            return uploaded.Output.Length > 0
                ? JsonDocument.Parse(uploaded.Output).RootElement
                : throw new InvalidOperationException(
                    $"upload printed nothing; it ended with {uploaded.ExitCode}:\n{uploaded.Error}\n{Printed}"
                );
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A link to a video: of kind mp4, hls or dash.</summary>
    public async Task<string> LinkAsync(string id, string kind = "mp4")
    {
        var link = await RunAsync("link", id, "--kind", kind);
        return link.ExitCode == 0 ? link.Output.Trim() : throw new InvalidOperationException(link.Error);
    }

    /// <summary>Sends a signal and returns the exit code.</summary>
    /// <param name="signal">Its name.</param>
    /// <param name="limit">How long the vault may take to end; a minute where it is not said.</param>
    public async Task<int> StopAsync(string signal = "TERM", TimeSpan? limit = null)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(limit ?? LongestStop);
        return _process.ExitCode;
    }

    /// <summary>kill -9 of the vault alone, not of its children: they have to notice by themselves.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(LongestStop);
    }

    /// <summary>Waits until it has ended, by itself or killed.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync().WaitAsync(LongestStop);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        _process.Dispose();
    }

    void Take(string? line, TaskCompletionSource up)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
        if (line.StartsWith("Upload with", StringComparison.Ordinal))
            up.TrySetResult();
    }
}
