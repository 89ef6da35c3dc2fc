using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core;
using TgVault.Core.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests.Staging;

/// <summary>
/// The contract at the vault's own port, and what only a vault can hold an upload against: what was announced, and its row.
/// </summary>
public sealed class FolderProtocolTests : BlobProtocolContract, IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-staging-").FullName;
    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    WebParts _parts = null!;
    IStaging _staging = null!;

    public async Task InitializeAsync()
    {
        _parts = await WebParts.StartAsync(
            time: _time,
            change: settings => settings with { Uploads = new UploadSettings { Origins = ["https://site.example"] } },
            register: services => services.AddFolderStaging(_folder)
        );
        _staging = _parts.Host.Services.GetRequiredService<IStaging>();
        await _staging.PrepareAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _parts.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override async Task<Uri> NewUrlAsync(long bytes)
    {
        // Nobody announces an empty file; where one was announced to an earlier version, its URL takes it.
        if (bytes == 0)
        {
            var row = await _parts.AddAsync(VideoStatus.Waiting);
            var permit = await _staging.CreateUploadAsync(row.Id, TimeSpan.FromHours(1), CancellationToken.None);
            return new Uri(_parts.Host.Address, permit.Url);
        }

        using var announced = await _parts.ManageAsync(HttpMethod.Post, "api/uploads", new { name = "film.mp4", size = bytes });
        return new Uri((await announced.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("uploadUrl").GetString()!);
    }

    protected override async Task<byte[]?> ReadAsync(Uri url)
    {
        if (await _staging.FindAsync(StagingArea.Uploads, IdOf(url).ToString(), CancellationToken.None) is not { } blob)
            return null;
        var content = new byte[blob.LengthBytes];
        await _staging.ReadAsync(blob, 0, content, CancellationToken.None);
        return content;
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1, StorageChecksumAlgorithm.Auto)]
    [InlineData(100_000, StorageChecksumAlgorithm.StorageCrc64)]
    [InlineData(10_000_001, StorageChecksumAlgorithm.StorageCrc64)]
    public async Task The_client_library_uploads_with_checksums_that_Azurite_does_not_know(int length, StorageChecksumAlgorithm checksum) =>
        await UploadAsync(length, checksum);

    /// <summary>TGVAULT_TEST_UPLOAD_BYTES makes it a film's length.</summary>
    [Fact(Timeout = 600_000)]
    public async Task A_long_file_goes_in_blocks_and_on_after_a_break()
    {
        const int BlockBytes = 8 << 20;
        var length = long.Parse(
            Environment.GetEnvironmentVariable("TGVAULT_TEST_UPLOAD_BYTES") ?? "50000001",
            System.Globalization.CultureInfo.InvariantCulture
        );
        var url = await NewUrlAsync(length);
        var blocks = (int)((length + BlockBytes - 1) / BlockBytes);
        // Each by a client of its own, as after a break.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, blocks),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, cancelled) => await Client(url).StageBlockAsync(Id(i), new MemoryStream(Block(i)), cancellationToken: cancelled)
        );
        await Client(url).CommitBlockListAsync(Enumerable.Range(0, blocks).Select(Id));

        var blob = (await _staging.FindAsync(StagingArea.Uploads, IdOf(url).ToString(), CancellationToken.None))!;
        Assert.Equal(length, blob.LengthBytes);
        for (var i = 0; i < blocks; i++)
        {
            var expected = Block(i);
            var read = new byte[expected.Length];
            await _staging.ReadAsync(blob, (long)i * BlockBytes, read, CancellationToken.None);
            Assert.True(expected.AsSpan().SequenceEqual(read), $"block {i} differs");
        }

        byte[] Block(int index)
        {
            var block = new byte[(int)Math.Min(BlockBytes, length - ((long)index * BlockBytes))];
            new Random(index).NextBytes(block);
            return block;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_url_leads_to_the_port_that_the_request_came_to()
    {
        var url = await NewUrlAsync(5);

        Assert.Equal(_parts.Host.Address.Authority, url.Authority);
        // As clients take it apart: an account, a container, a blob.
        Assert.Equal(("uploads", IdOf(url).ToString()), (new BlobUriBuilder(url).BlobContainerName, new BlobUriBuilder(url).BlobName));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_commit_of_another_length_than_announced_is_refused_and_the_blocks_wait()
    {
        var url = await NewUrlAsync(10);
        var blob = Client(url);
        await blob.StageBlockAsync(Id(0), new MemoryStream(Bytes(6)));
        await blob.StageBlockAsync(Id(1), new MemoryStream(Bytes(5)));

        await RefusedAsync(413, "RequestBodyTooLarge", () => blob.CommitBlockListAsync([Id(0), Id(1)]));
        await RefusedAsync(400, "InvalidInput", () => blob.CommitBlockListAsync([Id(0)]));
        // One block named often makes much out of little.
        await RefusedAsync(413, "RequestBodyTooLarge", () => blob.CommitBlockListAsync(Enumerable.Repeat(Id(0), 50_000)));
        Assert.Null(await ReadAsync(url));
        await RefusedAsync(400, "InvalidBlockList", () => blob.CommitBlockListAsync([Id(1), Id(1)]));
        Assert.Null(await ReadAsync(url));
        await blob.StageBlockAsync(Id(2), new MemoryStream(Bytes(5)));
        await blob.CommitBlockListAsync([Id(1), Id(2)]);

        Assert.Equal((byte[])[.. Bytes(5), .. Bytes(5)], await ReadAsync(url));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 1, 413, "RequestBodyTooLarge")]
    [InlineData(10, 11, 413, "RequestBodyTooLarge")]
    [InlineData(10, 9, 400, "InvalidInput")]
    public async Task A_blob_of_another_length_than_announced_is_refused(int announced, int sent, int status, string code)
    {
        var url = await NewUrlAsync(announced);

        using var put = await PutAsync(url, "", Bytes(sent), ("x-ms-blob-type", "BlockBlob"));

        Assert.Equal((status, code), CodeOf(put));
        Assert.Contains($"announced with {announced} bytes", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_may_begin_anew_under_other_ids_but_not_send_without_end()
    {
        const int Length = 40 << 20;
        var url = await NewUrlAsync(Length);
        var blob = Client(url);
        var block = new byte[10 << 20];
        // 3 times 40 MiB.
        for (var i = 0; i < 12; i++)
            await blob.StageBlockAsync(Id(i), new MemoryStream(block));
        // The same id again takes no more room.
        await blob.StageBlockAsync(Id(3), new MemoryStream(block));

        await RefusedAsync(413, "RequestBodyTooLarge", () => blob.StageBlockAsync(Id(12), new MemoryStream(block)));
        await RefusedAsync(413, "RequestBodyTooLarge", () => blob.StageBlockAsync(Id(3), new MemoryStream(new byte[Length + 1])));
        await blob.CommitBlockListAsync([Id(8), Id(9), Id(10), Id(11)]);

        Assert.Equal(Length, (await ReadAsync(url))!.Length);
        Assert.InRange(BytesOnDisk(), Length, Length + 10_000);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("PageBlob", 409, "InvalidBlobType")]
    [InlineData("AppendBlob", 409, "InvalidBlobType")]
    [InlineData("HeapBlob", 400, "InvalidHeaderValue")]
    public async Task Other_kinds_of_blobs_are_refused(string type, int status, string code)
    {
        var url = await NewUrlAsync(0);

        using var put = await PutAsync(url, "", [], ("x-ms-blob-type", type), ("x-ms-blob-content-length", "157286400"));

        Assert.Equal((status, code), CodeOf(put));
        Assert.Null(await ReadAsync(url));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("&comp=block", "a", "", 400, "MissingRequiredQueryParameter")]
    [InlineData("&comp=block&blockid=*", "a", "", 400, "InvalidBlockId")]
    [InlineData("&comp=block&blockid=", "a", "", 400, "InvalidBlockId")]
    [InlineData("&comp=block&blockid=AAAA", "", "", 400, "InvalidHeaderValue")]
    [InlineData("&comp=block&blockid=AAAA", "a", "Content-MD5: AAAA", 400, "InvalidMd5")]
    [InlineData("&comp=block&blockid=AAAA", "a", "x-ms-content-crc64: AAAA", 400, "InvalidHeaderValue")]
    [InlineData("&comp=block&blockid=AAAA", "a", "x-ms-content-crc64: AAAAAAAAAAA=", 400, "Crc64Mismatch")]
    [InlineData("&comp=block&blockid=AAAA", "a", "x-ms-structured-body: XSM/2.0", 400, "InvalidHeaderValue")]
    [InlineData("&comp=block&blockid=AAAA", "a", "x-ms-copy-source: http://127.0.0.1/x", 403, "AuthorizationPermissionMismatch")]
    [InlineData("&comp=block&blockid=AAAA", "a", "x-ms-encryption-key: AAAA", 400, "UnsupportedHeader")]
    [InlineData("&comp=block&blockid=AAAA", "a", "x-ms-lease-id: x", 412, "LeaseNotPresentWithBlobOperation")]
    [InlineData("&comp=blocklist", "<BlockList><Latest>", "", 400, "InvalidXmlDocument")]
    [InlineData("&comp=blocklist", "<BlockList><Some>AAAA</Some></BlockList>", "", 400, "InvalidXmlDocument")]
    [InlineData("&comp=blocklist", "<!DOCTYPE x [<!ENTITY a \"b\">]><BlockList>&a;</BlockList>", "", 400, "InvalidXmlDocument")]
    [InlineData("&comp=blocklist", "<BlockList/>", "x-ms-content-crc64: AAAAAAAAAAA=", 400, "Crc64Mismatch")]
    [InlineData("&comp=blocklist", "<BlockList/>", "If-Match: a b", 400, "InvalidHeaderValue")]
    [InlineData("&comp=metadata", "", "x-ms-meta-a: b", 403, "AuthorizationPermissionMismatch")]
    [InlineData("&comp=page", "a", "", 403, "AuthorizationPermissionMismatch")]
    [InlineData("&restype=container", "", "", 403, "AuthorizationPermissionMismatch")]
    [InlineData("", "a", "x-ms-blob-type: BlockBlob|x-ms-blob-content-md5: AAAAAAAAAAAAAAAAAAAAAA==", 400, "Md5Mismatch")]
    public async Task What_cannot_be_taken_is_refused_with_its_code(string query, string body, string headers, int status, string code)
    {
        var url = await NewUrlAsync(1);
        var sent = headers
            .Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": "))
            .Select(line => (line[0], line[1]));

        using var put = await PutAsync(url, query, System.Text.Encoding.UTF8.GetBytes(body), [.. sent]);

        Assert.Equal((status, code), CodeOf(put));
        Assert.Contains($"<Code>{code}</Code>", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await ReadAsync(url));
        Assert.Equal(0, BytesOnDisk());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_whose_length_is_not_said_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, (await NewUrlAsync(1)).AbsoluteUri);
        request.Content = new StreamContent(new MemoryStream([1]));
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("x-ms-blob-type", "BlockBlob");

        using var answer = await Http.SendAsync(request);

        Assert.Equal((411, "MissingContentLengthHeader"), CodeOf(answer));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_url_ends_when_it_says_and_a_renewed_one_goes_on()
    {
        var url = await NewUrlAsync(3);
        await Client(url).StageBlockAsync(Id(0), new MemoryStream(Bytes(3)));
        _time.Advance(TimeSpan.FromDays(1));
        await RefusedAsync(403, "AuthenticationFailed", () => Client(url).CommitBlockListAsync([Id(0)]));

        using var renewed = await _parts.ManageAsync(HttpMethod.Post, $"api/uploads/{IdOf(url)}/renew");
        var next = new Uri((await WebParts.JsonAsync(renewed)).GetProperty("uploadUrl").GetString()!);
        await Client(next).CommitBlockListAsync([Id(0)]);

        Assert.Equal(Bytes(3), await ReadAsync(url));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(VideoStatus.Failed, 201, null)]
    [InlineData(VideoStatus.Ingesting, 409, "BlobAlreadyExists")]
    [InlineData(VideoStatus.Ready, 409, "BlobAlreadyExists")]
    [InlineData(VideoStatus.Trashed, 409, "BlobAlreadyExists")]
    [InlineData(VideoStatus.Deleting, 404, "BlobNotFound")]
    public async Task The_row_decides_whether_an_upload_is_awaited(VideoStatus status, int expected, string? code)
    {
        var url = await NewUrlAsync(3);
        await ChangeAsync(url, status);

        using var blob = await PutAsync(url, "", Bytes(3), ("x-ms-blob-type", "BlockBlob"));
        using var block = await PutAsync(url, $"&comp=block&blockid={Escaped(0)}", Bytes(3));

        Assert.Equal((expected, code), CodeOf(blob));
        Assert.Equal((expected, code), CodeOf(block));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_commit_whose_answer_was_lost_is_answered_again_also_once_it_was_taken_up()
    {
        var url = await NewUrlAsync(3);
        await Client(url).StageBlockAsync(Id(0), new MemoryStream(Bytes(3)));
        var first = (await Client(url).CommitBlockListAsync([Id(0)])).Value;
        await ChangeAsync(url, VideoStatus.Ingesting);

        var again = (await Client(url).CommitBlockListAsync([Id(0)])).Value;

        Assert.Equal((first.ETag, first.LastModified), (again.ETag, again.LastModified));
        await RefusedAsync(409, "BlobAlreadyExists", () => Client(url).CommitBlockListAsync([]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nobody_without_a_signature_learns_that_there_is_something()
    {
        var path = (await NewUrlAsync(3)).AbsolutePath;

        foreach (var method in new[] { "PUT", "GET", "HEAD", "DELETE", "OPTIONS" })
        {
            using var answer = await _parts.SendAsync(new HttpMethod(method), path, null);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("https://site.example", "PUT", 200)]
    [InlineData("https://site.example", "GET", 403)]
    [InlineData("https://other.example", "PUT", 403)]
    public async Task A_browser_is_told_whether_a_page_may_upload(string origin, string method, int status)
    {
        var url = await NewUrlAsync(3);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, url);
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", method);
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,x-ms-blob-type,x-ms-version");

        using var answer = await Http.SendAsync(preflight);
        using var put = await PutAsync(url, "", Bytes(3), ("x-ms-blob-type", "BlockBlob"), ("Origin", origin));

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 200)
            Assert.Equal("content-type,x-ms-blob-type,x-ms-version", answer.Headers.GetValues("Access-Control-Allow-Headers").Single());
        // As Azure: a page that may not, may send, but not see the answer.
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(origin == "https://site.example", put.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(
            origin == "https://site.example",
            put.Headers.TryGetValues("Access-Control-Expose-Headers", out var exposed)
                && exposed.Single().Contains("x-ms-error-code", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_staging_is_elsewhere_there_is_nothing_here()
    {
        await using var parts = await WebParts.StartAsync();
        var path = (await NewUrlAsync(3)).PathAndQuery;

        foreach (var method in new[] { "PUT", "GET", "HEAD", "DELETE", "OPTIONS" })
        {
            using var answer = await parts.SendAsync(new HttpMethod(method), path, null);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    async Task ChangeAsync(Uri url, VideoStatus status) =>
        await _parts.Rows.ChangeAsync(IdOf(url), video => video with { Life = video.Life.With(status: status) }, CancellationToken.None);

    long BytesOnDisk() => Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    static VideoId IdOf(Uri url) => VideoId.TryParse(url.Segments[^1])!.Value;
}
