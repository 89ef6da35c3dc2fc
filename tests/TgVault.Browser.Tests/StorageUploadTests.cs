using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace TgVault.Browser.Tests;

/// <summary>
/// A page of another site uploads to the vault's own port with Azure's storage library, which knows nothing of the vault.
/// </summary>
public sealed class StorageUploadTests(SharedBrowser browser, StorageLibrary library)
    : IClassFixture<SharedBrowser>,
        IClassFixture<StorageLibrary>
{
    const int PieceBytes = 1 << 20;
    const int BlockBytes = 4 << 20;

    /// <summary>The files that go in blocks; set it for a look at a film's length.</summary>
    static readonly long LargeBytes = long.Parse(
        Environment.GetEnvironmentVariable("TGVAULT_TEST_UPLOAD_BYTES") ?? "20000001",
        CultureInfo.InvariantCulture
    );

    // A file in pieces that each begin with their number, so that no two of them can be mistaken for each other.
    const string Script = """
        function fileOf(length) {
          const pieces = [];
          for (let i = 0; i * 1048576 < length; i++) {
            const piece = new Uint8Array(Math.min(1048576, length - i * 1048576)).fill(i % 251);
            if (piece.length >= 4) new DataView(piece.buffer).setUint32(0, i, true);
            pieces.push(new Blob([piece]));
          }
          return new Blob(pieces);
        }
        const idOf = i => btoa(String(i).padStart(8, '0'));
        async function stage(url, length, from, to) {
          const client = new azblob.BlockBlobClient(url), file = fileOf(length), block = 4194304;
          for (let i = from; i < to; i++) {
            const piece = file.slice(i * block, (i + 1) * block);
            await client.stageBlock(idOf(i), piece, piece.size);
          }
        }
        async function failureOf(run) {
          try { await run(); return null; } catch (error) { return `${error.statusCode} ${error.code}`; }
        }
        """;

    [Theory(Timeout = 600_000)]
    [InlineData("{}")]
    [InlineData("{ contentChecksumAlgorithm: 'StorageCrc64' }")]
    public async Task A_file_goes_in_blocks_many_at_once(string options)
    {
        var (id, url) = await AnnounceAsync(LargeBytes);
        var page = await OpenAsync();

        await page.EvaluateAsync(
            $$"""
            ([url, length]) => new azblob.BlockBlobClient(url).uploadData(
              fileOf(length),
              { ...{{options}}, blockSize: {{BlockBytes}}, maxSingleShotSize: {{BlockBytes}}, concurrency: 4 })
            """,
            new object[] { url, LargeBytes }
        );

        await AssertStoredAsync(id, LargeBytes);
        await page.CloseAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_file_goes_whole(long length)
    {
        var (id, url) = await AnnounceAsync(length);
        var page = await OpenAsync();

        var etag = await page.EvaluateAsync<string>(
            "async ([url, length]) => (await new azblob.BlockBlobClient(url).upload(fileOf(length), length)).etag",
            new object[] { url, length }
        );

        Assert.NotEmpty(etag);
        await AssertStoredAsync(id, length);
        await page.CloseAsync();
    }

    [Fact(Timeout = 600_000)]
    public async Task An_upload_goes_on_in_another_page()
    {
        var blocks = (int)((LargeBytes + BlockBytes - 1) / BlockBytes);
        var (id, url) = await AnnounceAsync(LargeBytes);
        var first = await OpenAsync();
        await first.EvaluateAsync("([url, length, to]) => stage(url, length, 0, to)", new object[] { url, LargeBytes, blocks / 2 });
        await first.CloseAsync();

        var second = await OpenAsync();
        await second.EvaluateAsync(
            "([url, length, from, to]) => stage(url, length, from, to)",
            new object[] { url, LargeBytes, blocks / 2, blocks }
        );
        await second.EvaluateAsync(
            "([url, count]) => new azblob.BlockBlobClient(url).commitBlockList([...Array(count).keys()].map(idOf))",
            new object[] { url, blocks }
        );

        await AssertStoredAsync(id, LargeBytes);
        await second.CloseAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_script_sees_why_it_was_refused()
    {
        var (_, url) = await AnnounceAsync(5);
        var page = await OpenAsync();

        Assert.Equal("413 RequestBodyTooLarge", await FailureAsync("c => c.upload(fileOf(6), 6)", url));
        Assert.Equal("400 InvalidBlockList", await FailureAsync("c => c.commitBlockList([idOf(1)])", url));
        Assert.Equal(
            "403 AuthenticationFailed",
            await FailureAsync("c => c.upload(fileOf(5), 5)", url.Replace("sp=cw", "sp=rcw", StringComparison.Ordinal))
        );
        await page.CloseAsync();

        Task<string> FailureAsync(string act, string at) =>
            page.EvaluateAsync<string>($"url => failureOf(() => ({act})(new azblob.BlockBlobClient(url)))", at);
    }

    async Task<IPage> OpenAsync()
    {
        var page = await browser.Chromium.Browser.NewPageAsync();
        await page.GotoAsync(browser.Site.Publish("upload", "<!doctype html><title>A site</title>"));
        await page.AddScriptTagAsync(new PageAddScriptTagOptions { Path = library.Path });
        await page.AddScriptTagAsync(new PageAddScriptTagOptions { Content = Script });
        return page;
    }

    async Task<(string Id, string Url)> AnnounceAsync(long length)
    {
        using var answer = await browser.Vault.Client.PostAsJsonAsync("api/uploads", new { name = "page.bin", size = length });
        var upload = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var url = upload.GetProperty("uploadUrl").GetString()!;
        Assert.Equal(browser.Vault.Url.Authority, new Uri(url).Authority);
        return (upload.GetProperty("id").GetString()!, url);
    }

    /// <summary>Waits until it is ready, and compares it as it is read.</summary>
    async Task AssertStoredAsync(string id, long length)
    {
        using var events = await browser.Vault.Client.GetStreamAsync($"api/videos/{id}/events").WaitAsync(TimeSpan.FromMinutes(1));
        var told = await new StreamReader(events).ReadToEndAsync();
        Assert.Contains("\"status\":\"ready\"", told, StringComparison.Ordinal);
        using var stored = await browser.Vault.Client.GetStreamAsync($"api/stream?file_id={id}");
        var piece = new byte[PieceBytes];
        var read = 0L;
        for (var i = 0; read < length; i++)
        {
            var expected = new byte[Math.Min(PieceBytes, length - read)];
            Array.Fill(expected, (byte)(i % 251));
            if (expected.Length >= 4)
                BinaryPrimitives.WriteInt32LittleEndian(expected, i);
            await stored.ReadExactlyAsync(piece.AsMemory(0, expected.Length));
            Assert.True(expected.AsSpan().SequenceEqual(piece.AsSpan(0, expected.Length)), $"piece {i} differs");
            read += expected.Length;
        }

        Assert.Equal(0, await stored.ReadAsync(piece));
    }
}
