using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Kill;

/// <summary>
/// Rounds of: start the vault, load it, kill -9 it or the stand-in or both somewhere in the middle, start it again, and look whether all
/// that it had acknowledged is there and nothing is half.
/// </summary>
internal sealed class KillRounds(string folder, int seed)
{
    const int MostAcknowledgements = 60;

    // Ready ones that are read from the first byte to the last in each round; at the end it is all of them.
    const int ReadPerRound = 3;

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    static readonly Dictionary<string, string> Settings = new()
    {
        ["TgVault__Chunks__Size"] = "65536",
        ["TgVault__Uploads__WatchMilliseconds"] = "100",
    };

    readonly KillLedger _ledger = new();
    readonly Random _random = new(seed);
    byte[]? _film;
    byte[]? _storedFilm;

    public string Summary =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_ledger.Uploads.Count} uploads ({_ledger.Uploads.Values.Count(upload => upload.IsCommitted)} whole), "
                + $"{_ledger.Acknowledgements} acknowledgements"
        );

    public async Task RunAsync(int rounds, Action<string> tell)
    {
        _film = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac.mkv"));
        for (var round = 0; round < rounds; round++)
        {
            await using var vault = await VaultProcess.StartAsync(folder, Settings);
            await CheckAsync(vault, ReadPerRound);
            var killed = await LoadAndKillAsync(vault, round);
            tell($"round {round}: {killed}; {Summary}");
        }

        await using var last = await VaultProcess.StartAsync(folder, Settings);
        await FinishAsync(last);
    }

    async Task<string> LoadAndKillAsync(VaultProcess vault, int round)
    {
        using var limit = new CancellationTokenSource(Longest);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var load = new KillLoad(vault, _ledger, _film!, (seed * 1000) + round).RunAsync(over.Token);
        var count = _ledger.Acknowledgements + _random.Next(1, MostAcknowledgements);
        // A worker that found something lost ends the load early.
        await await Task.WhenAny(load, _ledger.UntilAsync(count, limit.Token));
        var victim = _random.Next(4);
        var standIn = StandInOf(vault);
        // The vault first, for it would see the stand-in go; or the other way round, so that it is killed as it ends by itself.
        if (victim is 1 or 2)
            Kill(standIn);
        if (victim is not 2)
            await vault.KillAsync();
        if (victim is 3)
            Kill(standIn);
        await vault.EndedAsync();
        // Who waits for something to be acknowledged would wait for ever.
        await over.CancelAsync();
        try
        {
            await load;
        }
        catch (OperationCanceledException) when (!limit.IsCancellationRequested) { }

        return victim switch
        {
            1 => "the stand-in, then the vault",
            2 => "the stand-in alone",
            3 => "the vault, then the stand-in",
            _ => "the vault",
        };
    }

    async Task CheckAsync(VaultProcess vault, int reads)
    {
        var listed = await ListAsync(vault);
        // An announcement that was cut off may be there without an answer; nothing that was answered may be missing.
        Assert.Empty(_ledger.Uploads.Keys.Except(listed.Keys));
        foreach (var upload in _ledger.Uploads.Values)
        {
            var video = listed[upload.Id];
            var status = video.GetProperty("status").GetString();
            Assert.Equal(
                (upload.Name, upload.Content.Length),
                (video.GetProperty("name").GetString(), video.GetProperty("size").GetInt32())
            );
            Assert.Contains(status, new[] { "waiting", "ingesting", "ready" });
            if (status != "waiting")
                Assert.True(upload.MayBeCommitted, $"{upload.Id} is {status} and was never finished.");
            var description = video.GetProperty("description").GetString()!;
            Assert.True(
                description == upload.Description || description == upload.DescriptionUnderWay,
                $"{upload.Id} has \"{description}\" instead of \"{upload.Description}\" or \"{upload.DescriptionUnderWay}\"."
            );
            (upload.Description, upload.DescriptionUnderWay) = (description, null);
        }

        var ready = _ledger.Uploads.Values.Where(upload => listed[upload.Id].GetProperty("status").GetString() == "ready").ToArray();
        _random.Shuffle(ready);
        foreach (var upload in ready.Take(reads))
            await ReadAsync(vault, upload);
    }

    async Task FinishAsync(VaultProcess vault)
    {
        using var limit = new CancellationTokenSource(Longest);
        await new KillLoad(vault, _ledger, _film!, seed).FinishAsync(limit.Token);
        foreach (var upload in _ledger.Uploads.Values)
        {
            // Ends when the video is ready or has failed.
            await vault.Client.GetStringAsync(new Uri($"/api/videos/{upload.Id}/events", UriKind.Relative), limit.Token);
        }

        await CheckAsync(vault, int.MaxValue);
        var listed = await ListAsync(vault);
        Assert.All(_ledger.Uploads.Keys, id => Assert.Equal("ready", listed[id].GetProperty("status").GetString()));
    }

    async Task ReadAsync(VaultProcess vault, KilledUpload upload)
    {
        byte[] read;
        using (var answer = await vault.Client.GetAsync(new Uri($"/api/stream?file_id={upload.Id}", UriKind.Relative)))
        {
            answer.EnsureSuccessStatusCode();
            read = await answer.Content.ReadAsByteArrayAsync();
        }

        // What is stored of a film was remuxed: the same bytes for all of them, and after every kill.
        var expected = upload.Content == _film ? _storedFilm ??= read : upload.Content;
        Assert.True(expected.AsSpan().SequenceEqual(read), $"{upload.Id} reads {read.Length} other bytes.");
    }

    static async Task<Dictionary<string, JsonElement>> ListAsync(VaultProcess vault)
    {
        var listed = new Dictionary<string, JsonElement>();
        string? continuation = null;
        do
        {
            var more = continuation is null ? "" : $"&continuation={Uri.EscapeDataString(continuation)}";
            var page = JsonDocument.Parse(await vault.Client.GetStringAsync(new Uri($"/api/videos?limit=200{more}", UriKind.Relative)));
            foreach (var video in page.RootElement.GetProperty("videos").EnumerateArray())
                listed.Add(video.GetProperty("id").GetString()!, video);
            continuation = page.RootElement.TryGetProperty("continuation", out var next) ? next.GetString() : null;
        } while (!string.IsNullOrEmpty(continuation));
        return listed;
    }

    // Beside it may be an ffmpeg.
    static int StandInOf(VaultProcess vault) =>
        ChildProcesses
            .Of(vault.ProcessId)
            .Single(child => ChildProcesses.CommandLineOf(child).Contains("TgVault.BotApi", StringComparison.Ordinal));

    static void Kill(int process)
    {
        using var victim = Process.GetProcessById(process);
        victim.Kill();
    }
}
