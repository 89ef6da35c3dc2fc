using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>The vault's own memory beside a large file, with the chunk size that a film of 2 GiB gets.</summary>
public sealed class MemoryTests : IDisposable
{
    const int ChunkBytes = 8_519_680;
    const long FileBytes = 256L << 20;
    const int Readers = 50;
    const int Rounds = 24;
    const int PieceBytes = 64 << 10;
    const long MostResidentBytes = 300L << 20;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 600_000)]
    public async Task Upload_ingest_and_fifty_slow_readers_stay_under_300_MiB_resident()
    {
        var path = Path.Combine(_folder, "large.bin");
        await WriteRandomAsync(path);
        await using var vault = await VaultProcess.StartAsync(
            _folder,
            new Dictionary<string, string> { ["TgVault__Chunks__Size"] = $"{ChunkBytes}" }
        );

        var video = await vault.UploadAsync(path);
        var afterIngest = await PeakResidentAsync(vault.ProcessId);
        await ReadSlowlyAsync(vault, video.GetProperty("id").GetString()!);

        Assert.Equal("ready", video.GetProperty("status").GetString());
        Assert.InRange(afterIngest, 1, MostResidentBytes);
        Assert.InRange(await PeakResidentAsync(vault.ProcessId), 1, MostResidentBytes);
    }

    /// <summary>Everybody has a range of their own open at once and takes a little in turn, so that all the others wait with full
    /// buffers.</summary>
    static async Task ReadSlowlyAsync(VaultProcess vault, string id)
    {
        var responses = new List<HttpResponseMessage>();
        try
        {
            var bodies = new List<Stream>();
            for (var reader = 0; reader < Readers; reader++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/stream?file_id={id}", UriKind.Relative));
                request.Headers.Range = new RangeHeaderValue(FileBytes / Readers * reader, FileBytes - 1);
                var response = await vault.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                responses.Add(response.EnsureSuccessStatusCode());
                bodies.Add(await response.Content.ReadAsStreamAsync());
            }

            var piece = new byte[PieceBytes];
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var body in bodies)
                    await body.ReadExactlyAsync(piece);
            }
        }
        finally
        {
            foreach (var response in responses)
                response.Dispose();
        }
    }

    static async Task WriteRandomAsync(string path)
    {
        await using var file = File.Create(path);
        var piece = new byte[1 << 20];
        for (var written = 0L; written < FileBytes; written += piece.Length)
        {
            RandomNumberGenerator.Fill(piece);
            await file.WriteAsync(piece);
        }
    }

    /// <summary>The most that the process ever had resident, in bytes (proc(5), VmHWM).</summary>
    static async Task<long> PeakResidentAsync(int processId)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{processId}/status");
        var peak = lines
            .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(peak[1], CultureInfo.InvariantCulture) << 10;
    }
}
