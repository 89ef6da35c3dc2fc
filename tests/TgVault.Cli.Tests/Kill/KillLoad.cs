using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Kill;

/// <summary>What keeps a vault busy until it is killed: uploads in blocks, and edits of what is there. Every answer is noted.</summary>
internal sealed class KillLoad(VaultProcess vault, KillLedger ledger, byte[] film, int seed)
{
    const int Uploaders = 3;
    const int Editors = 2;
    const int BlockBytes = 40_000;
    const int MostBlocks = 8;

    // Every so many uploads it is a film, which ffmpeg remuxes: then there are prepared blobs, too.
    const int FilmEvery = 6;

    /// <summary>Runs until the vault does not answer any more.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Uploaders)
                .Select(worker => UploadAsync(new Random((seed * 10) + worker), worker, cancellationToken))
                .Concat(
                    Enumerable
                        .Range(0, Editors)
                        .Select(worker => EditAsync(new Random((seed * 10) + 5 + worker), worker, cancellationToken))
                )
                .Select(EndedWithVaultAsync)
        );

    /// <summary>Sends the rest of what was begun.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var begun in ledger.Uploads.Values.Where(upload => !upload.IsCommitted))
            await ResumeAsync(begun, cancellationToken);
    }

    async Task UploadAsync(Random random, int worker, CancellationToken cancellationToken)
    {
        // What an earlier round left half sent goes on first, each by the same worker of a round.
        foreach (var begun in ledger.Uploads.Values.Where(upload => !upload.IsCommitted && WorkerOf(upload, Uploaders) == worker))
            await ResumeAsync(begun, cancellationToken);
        while (true)
            await SendAsync(await AnnounceAsync(random, cancellationToken), cancellationToken);
    }

    async Task<KilledUpload> AnnounceAsync(Random random, CancellationToken cancellationToken)
    {
        byte[] content;
        if (random.Next(FilmEvery) == 0)
            content = film;
        else
            random.NextBytes(content = new byte[random.Next(1, BlockBytes * MostBlocks)]);
        var name = content == film ? "film.mkv" : $"random-{random.Next():x8}.bin";
        using var answer = await vault.Client.PostAsJsonAsync(
            new Uri("/api/uploads", UriKind.Relative),
            new { name, size = content.Length },
            cancellationToken
        );
        var announced = await ReadAsync(answer, HttpStatusCode.Created, cancellationToken);
        var upload = new KilledUpload(announced.GetProperty("id").GetString()!, name, content, BlockBytes)
        {
            Url = new Uri(announced.GetProperty("uploadUrl").GetString()!),
        };
        Assert.True(ledger.Uploads.TryAdd(upload.Id, upload));
        ledger.Acknowledge();
        return upload;
    }

    async Task ResumeAsync(KilledUpload upload, CancellationToken cancellationToken)
    {
        using var answer = await vault.Client.PostAsync(
            new Uri($"/api/uploads/{upload.Id}/renew", UriKind.Relative),
            content: null,
            cancellationToken
        );
        if (answer.StatusCode == HttpStatusCode.Conflict && upload.MayBeCommitted)
        {
            // It was taken, and only the answer was lost.
            upload.IsCommitted = true;
            return;
        }

        upload.Url = new Uri((await ReadAsync(answer, HttpStatusCode.OK, cancellationToken)).GetProperty("uploadUrl").GetString()!);
        await SendAsync(upload, cancellationToken);
    }

    async Task SendAsync(KilledUpload upload, CancellationToken cancellationToken)
    {
        foreach (var block in Enumerable.Range(0, upload.Blocks).Where(block => !upload.Arrived.Contains(block)).ToList())
        {
            using var content = new ReadOnlyMemoryContent(upload.Block(block));
            using var answer = await vault.Client.PutAsync(
                new Uri($"{upload.Url}&comp=block&blockid={Uri.EscapeDataString(IdOf(block))}"),
                content,
                cancellationToken
            );
            // A commit whose answer was lost has been taken up by now.
            if (answer.StatusCode != HttpStatusCode.Created && upload.MayBeCommitted)
                break;
            await ReadAsync(answer, HttpStatusCode.Created, cancellationToken);
            upload.Arrived.Add(block);
            ledger.Acknowledge();
        }

        var list = string.Concat(Enumerable.Range(0, upload.Blocks).Select(block => $"<Latest>{IdOf(block)}</Latest>"));
        using var body = new StringContent($"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{list}</BlockList>", Encoding.UTF8);
        upload.MayBeCommitted = true;
        // It fails if a block that was acknowledged is not there: this is what shows that none was lost.
        using var committed = await vault.Client.PutAsync(new Uri($"{upload.Url}&comp=blocklist"), body, cancellationToken);
        await ReadAsync(committed, HttpStatusCode.Created, cancellationToken);
        upload.IsCommitted = true;
        ledger.Acknowledge();
    }

    async Task EditAsync(Random random, int worker, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ledger.UntilAsync(1, cancellationToken);
            var mine = ledger.Uploads.Values.Where(upload => WorkerOf(upload, Editors) == worker).ToList();
            if (mine.Count == 0)
            {
                await ledger.UntilAsync(ledger.Acknowledgements + 1, cancellationToken);
                continue;
            }

            var upload = mine[random.Next(mine.Count)];
            upload.DescriptionUnderWay = $"edit {random.Next():x8}";
            using var answer = await vault.Client.PatchAsJsonAsync(
                new Uri($"/api/videos/{upload.Id}", UriKind.Relative),
                new { description = upload.DescriptionUnderWay },
                cancellationToken
            );
            await ReadAsync(answer, HttpStatusCode.OK, cancellationToken);
            (upload.Description, upload.DescriptionUnderWay) = (upload.DescriptionUnderWay, null);
            ledger.Acknowledge();
        }
    }

    static int WorkerOf(KilledUpload upload, int workers) => (upload.Id[^1] + upload.Id[^2]) % workers;

    static string IdOf(int block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.ToString("d6", CultureInfo.InvariantCulture)));

    static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.StatusCode != expected)
            Assert.Fail($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath}: {answer.StatusCode} {text}");
        return text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
    }

    static async Task EndedWithVaultAsync(Task worker)
    {
        try
        {
            await worker;
        }
        catch (Exception exception) when (exception is HttpRequestException or HttpIOException or IOException)
        {
            // The vault was killed: that is the end of the round.
        }
    }
}
