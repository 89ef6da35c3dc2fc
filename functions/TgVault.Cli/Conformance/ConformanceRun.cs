using System.Net;
using System.Net.Http.Headers;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Links;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Conformance;

/// <summary>How one row came out; no differences: as expected.</summary>
sealed record RowOutcome(HttpCase Row, string[] Differences);

/// <summary>Stores a small file and a clip in a vault, holds the vault's answers against the tables, and removes both again.</summary>
sealed class ConformanceRun(Uri url, string key)
{
    const int Length = 100_000;

    /// <summary>How long storing one of the two may take.</summary>
    public TimeSpan LongestIngest { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="CommandFailedException">The vault did not take and store the file, so there is nothing to ask about.</exception>
    public async Task<List<RowOutcome>> RunAsync(Action<RowOutcome> report, CancellationToken cancellationToken)
    {
        using var vault = new VaultClient(url, key);
        using var http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None }
        )
        {
            BaseAddress = url,
            Timeout = TimeSpan.FromMinutes(2),
        };
        var outcomes = new List<RowOutcome>();
        var content = new byte[Length];
        new Random(Length).NextBytes(content);
        var hasTrash = (await vault.ShowVaultAsync(cancellationToken)).GetProperty("trashDays").GetInt32() > 0;
        await WithAsync("conformance.bin", "application/octet-stream", content, HttpTable.Rows);
        await WithAsync(
            "conformance.mp4",
            "video/mp4",
            ClipTable.Content(),
            clip => [.. ClipTable.Rows(clip), .. PageTable.Rows(clip), .. PictureTable.Rows(clip)]
        );
        return outcomes;

        async Task WithAsync(string name, string contentType, byte[] bytes, Func<Subject, IEnumerable<HttpCase>> rows)
        {
            var announced = await vault.AnnounceAsync(new Announcement(name, bytes.Length, contentType, "", [], ""), cancellationToken);
            var id = announced.Id;
            try
            {
                await StoreAsync(vault, http, announced, contentType, bytes, cancellationToken);
                var subject = await DescribeAsync(vault, http, id, bytes, cancellationToken);
                foreach (var row in rows(subject))
                    Take(new RowOutcome(row, await HttpAnswer.FindDifferencesAsync(http, key, row, cancellationToken)));
                foreach (var row in RemovalTable.Rows(subject, hasTrash))
                    Take(new RowOutcome(row, await HttpAnswer.FindDifferencesAsync(http, key, row, cancellationToken)));
            }
            finally
            {
                // Left behind only where something broke off; asking twice does no harm.
                if (await vault.FindAsync(id, CancellationToken.None) is not null)
                    await vault.RemoveAsync(id, isPermanent: true, CancellationToken.None);
            }
        }

        void Take(RowOutcome outcome)
        {
            outcomes.Add(outcome);
            report(outcome);
        }
    }

    async Task StoreAsync(
        VaultClient vault,
        HttpClient http,
        Announced announced,
        string contentType,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, announced.UploadUrl) { Content = new ByteArrayContent(content) };
        put.Headers.Add("x-ms-blob-type", "BlockBlob");
        put.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using var stored = await http.SendAsync(put, cancellationToken);
        if (!stored.IsSuccessStatusCode)
            throw new CommandFailedException($"Storage did not take the upload: {(int)stored.StatusCode}.");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestIngest);
        try
        {
            await WaitUntilReadyAsync(vault, announced.Id, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException(
                $"The vault took the upload, but had not stored it after {LongestIngest}: its blob trigger or its workflow does not run.",
                exception
            );
        }
    }

    static async Task WaitUntilReadyAsync(VaultClient vault, string id, CancellationToken cancellationToken)
    {
        await foreach (var video in vault.FollowAsync(id, cancellationToken))
        {
            if (video.Status == "ready")
                return;
            if (video.Status == "failed")
                throw new CommandFailedException($"The vault did not store the file: {video.Failure}");
        }

        throw new CommandFailedException("The vault ended the progress of a video before it was ready.");
    }

    static async Task<Subject> DescribeAsync(
        VaultClient vault,
        HttpClient http,
        string id,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        var link = await new LinkCalls(vault).LinkAsync(id, TimeSpan.FromHours(1), cancellationToken);
        var path = $"/v/{link.Token}/video.mp4";
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), cancellationToken);
        return new Subject(id, content, head.Headers.ETag?.ToString() ?? "", path);
    }
}
