using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>How a vault ends at a signal while it is busy, and how much it shows of itself to the machine's other users.</summary>
public sealed class StopTests : IDisposable
{
    // What is sent in a second shows whether an ingest can be over by itself.
    const int ChunkBytes = 1 << 20;
    const int ChunksPerMinute = 240;

    // The frameworks' own patience with a slow client is 30 s; a vault takes one or two.
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    static readonly Dictionary<string, string> Paced = new()
    {
        ["TgVault__Chunks__Size"] = $"{ChunkBytes}",
        ["TgVault__Telegram__MessagesPerMinute"] = $"{ChunksPerMinute}",
    };

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-stop-").FullName;

    public StopTests() => Directory.CreateDirectory(Data);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task A_busy_vault_ends_soon_and_in_good_order_and_goes_on_from_there()
    {
        var content = Bytes(40 * ChunkBytes);
        string id;
        await using (var vault = await VaultProcess.StartAsync(Data, Paced))
        {
            using var reader = await StuckReaderAsync(vault);
            using var sender = await StuckSenderAsync(vault);
            id = await BeginIngestAsync(vault, content);
            var children = ChildProcesses.Of(vault.ProcessId);

            var code = await vault.StopAsync("TERM", Soon);

            Assert.Equal(0, code);
            Assert.NotEmpty(children);
            Assert.All(children, child => Assert.False(ChildProcesses.IsRunning(child)));
            Assert.False(File.Exists(Path.Combine(Data, "run.json")));
            Assert.Contains("Stopping ...", vault.Printed, StringComparison.Ordinal);
            // Cut, and nothing in the log that looks like an accident.
            var failure = vault.Printed[IndexOrEnd(vault.Printed, "fail:")..];
            Assert.True(failure.Length == 0, failure);
            Assert.DoesNotContain("Unhandled", vault.Printed, StringComparison.Ordinal);
        }

        await using var again = await VaultProcess.StartAsync(Data);
        // Ends when the video is ready or has failed.
        await again.Client.GetStringAsync(new Uri($"/api/videos/{id}/events", UriKind.Relative));
        Assert.Equal(content, await again.Client.GetByteArrayAsync(new Uri($"/api/stream?file_id={id}", UriKind.Relative)));
    }

    static int IndexOrEnd(string text, string what) => text.IndexOf(what, StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;

    [Fact(Timeout = 300_000)]
    public async Task A_second_signal_ends_a_vault_at_once()
    {
        await using var vault = await VaultProcess.StartAsync(Data, Paced);
        using var reader = await StuckReaderAsync(vault);

        // The reader holds the first one up for longer than the second one is behind it.
        using var both = Process.Start("sh", ["-c", $"kill -TERM {vault.ProcessId}; kill -INT {vault.ProcessId}"]);
        await both.WaitForExitAsync();
        var code = await vault.StopAsync("CONT", Soon);

        // 128 and the number of the one that came second.
        Assert.Contains(code, (int[])[130, 143]);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_vault_whose_terminal_goes_ends_in_good_order()
    {
        var port = Free.Port();
        var command = $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "tgvault.dll")}' up --data '{Data}' --port {port}";
        // A terminal of its own, which is gone when the program that holds it is.
        using var terminal = Process.Start(
            new ProcessStartInfo("script", ["--quiet", "--command", command, "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (
            await terminal.StandardOutput.ReadLineAsync(limit.Token) is { } line
            && !line.StartsWith("Upload with", StringComparison.Ordinal)
        ) { }

        var vault = JsonDocument
            .Parse(await File.ReadAllTextAsync(Path.Combine(Data, "run.json")))
            .RootElement.GetProperty("pid")
            .GetInt32();
        var all = ChildProcesses.Of(vault).Append(vault).ToList();

        terminal.Kill();
        await terminal.WaitForExitAsync();
        await ChildProcesses.EndedAsync(all);

        Assert.False(File.Exists(Path.Combine(Data, "run.json")));
        await using var again = await VaultProcess.StartAsync(Data);
    }

    [Fact(Timeout = 300_000)]
    public async Task No_process_of_a_vault_shows_a_secret_on_its_command_line()
    {
        await using var vault = await VaultProcess.StartAsync(Data);
        var stored = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "secrets.json"))).RootElement;
        var secrets = stored
            .EnumerateObject()
            .Where(secret => secret.Value.ValueKind == JsonValueKind.String)
            .Select(secret => secret.Value.GetString()!)
            .ToList();

        var processes = ChildProcesses.Of(vault.ProcessId).Append(vault.ProcessId).ToList();
        var lines = processes.Select(process => ChildProcesses.CommandLineOf(process).Replace('\0', ' ')).ToList();

        Assert.Equal(3, secrets.Count);
        Assert.Contains(lines, line => line.Contains("TgVault.BotApi.dll", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(secrets, secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    string Data => Path.Combine(_folder, "data");

    /// <summary>Uploads a file and returns its id once some of it is stored, and most of it is not.</summary>
    async Task<string> BeginIngestAsync(VaultProcess vault, byte[] content)
    {
        var before = Documents();
        var path = Path.Combine(_folder, "busy.bin");
        await File.WriteAllBytesAsync(path, content);
        var uploaded = await vault.RunAsync("upload", path, "--json");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await FolderChanges.UntilAsync(Data, () => Documents() >= before + 4, limit.Token);
        return JsonDocument.Parse(uploaded.Output).RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>A client that asks for a film and then reads no more of it than its headers.</summary>
    async Task<TcpClient> StuckReaderAsync(VaultProcess vault)
    {
        var path = Path.Combine(_folder, "film.bin");
        // More than the system keeps for a client that does not read.
        await File.WriteAllBytesAsync(path, Bytes(12 * ChunkBytes));
        var id = (await vault.UploadAsync(path)).GetProperty("id").GetString();
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("127.0.0.1", vault.Port);
        await SendAsync(client, vault, $"GET /api/stream?file_id={id} HTTP/1.1", "");
        var head = new byte[12];
        await client.GetStream().ReadExactlyAsync(head);
        Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(head));
        return client;
    }

    /// <summary>A client that announces a body and sends half of it.</summary>
    static async Task<TcpClient> StuckSenderAsync(VaultProcess vault)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", vault.Port);
        await SendAsync(client, vault, "POST /api/uploads HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 100", "{");
        return client;
    }

    static async Task SendAsync(TcpClient client, VaultProcess vault, string head, string body)
    {
        var key = vault.Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
        var request = string.Create(
            CultureInfo.InvariantCulture,
            $"{head}\r\nHost: localhost:{vault.Port}\r\nX-Api-Key: {key}\r\n\r\n{body}"
        );
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
    }

    int Documents() =>
        new DirectoryInfo(Path.Combine(Data, "telegram", "documents")) is { Exists: true } folder ? folder.EnumerateFiles().Count() : 0;

    static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
