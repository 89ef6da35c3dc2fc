using System.Net;
using System.Text;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace TgVault.Web.Tests.Staging;

/// <summary>
/// What an upload URL does for clients of blob storage: run against the vault's own port and against Azurite, which is what the first is to
/// be like. Requests are those of the real client library, or written by hand where that sends none such.
/// </summary>
public abstract class BlobProtocolContract
{
    protected HttpClient Http { get; } = new();

    /// <summary>A URL for an upload of that many bytes.</summary>
    protected abstract Task<Uri> NewUrlAsync(long bytes);

    /// <summary>The code for a signature that is not the URL's: <c>AuthenticationFailed</c> in Azure.</summary>
    protected virtual string NotSigned => "AuthenticationFailed";

    /// <summary>What was uploaded there; null where no blob is.</summary>
    protected abstract Task<byte[]?> ReadAsync(Uri url);

    [Theory(Timeout = 60_000)]
    [InlineData(0, StorageChecksumAlgorithm.None)]
    [InlineData(1, StorageChecksumAlgorithm.MD5)]
    [InlineData(100_000, StorageChecksumAlgorithm.None)]
    [InlineData(1_000_001, StorageChecksumAlgorithm.None)]
    [InlineData(1_000_001, StorageChecksumAlgorithm.MD5)]
    public async Task The_client_library_uploads_in_one_request_or_many(int length, StorageChecksumAlgorithm checksum) =>
        await UploadAsync(length, checksum);

    protected async Task UploadAsync(int length, StorageChecksumAlgorithm checksum)
    {
        var content = Bytes(length);
        var url = await NewUrlAsync(length);

        await new BlobClient(url).UploadAsync(new MemoryStream(content), Small(checksum));

        Assert.Equal(content, await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task Blocks_come_in_any_order_and_again_and_the_list_says_theirs()
    {
        var content = Bytes(600);
        var url = await NewUrlAsync(600);
        var blob = Client(url);

        await blob.StageBlockAsync(Id(2), new MemoryStream(content[400..]));
        await blob.StageBlockAsync(Id(0), new MemoryStream(new byte[77]));
        await blob.StageBlockAsync(Id(1), new MemoryStream(content[200..400]));
        await blob.StageBlockAsync(Id(0), new MemoryStream(content[..200]));
        await blob.StageBlockAsync(Id(9), new MemoryStream(new byte[10]));
        Assert.Null(await ReadAsync(url));
        var committed = (await blob.CommitBlockListAsync([Id(0), Id(1), Id(2)])).Value;

        Assert.Equal(content, await ReadAsync(url));
        Assert.NotEqual(default, committed.ETag);
        // The one that the list did not name is gone, those that it did name are there.
        await RefusedAsync(400, "InvalidBlockList", () => blob.CommitBlockListAsync([Id(0), Id(1), Id(9)]));
        await blob.CommitBlockListAsync([Id(1), Id(0), Id(2)]);
        Assert.Equal((byte[])[.. content[200..400], .. content[..200], .. content[400..]], await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_list_says_whether_committed_or_uncommitted_blocks_are_meant()
    {
        var (first, second) = (Bytes(100), Bytes(101)[..100]);
        var url = await NewUrlAsync(200);
        var blob = Client(url);
        await blob.StageBlockAsync(Id(0), new MemoryStream(first));
        await blob.StageBlockAsync(Id(1), new MemoryStream(first));
        await blob.CommitBlockListAsync([Id(0), Id(1)]);
        await blob.StageBlockAsync(Id(0), new MemoryStream(second));

        using var uncommitted = await PutListAsync(url, $"<Uncommitted>{Id(1)}</Uncommitted><Uncommitted>{Id(0)}</Uncommitted>");
        using var mixed = await PutListAsync(url, $"<Committed>{Id(0)}</Committed><Uncommitted>{Id(0)}</Uncommitted>");

        Assert.Equal((400, "InvalidBlockList"), CodeOf(uncommitted));
        Assert.Equal(HttpStatusCode.Created, mixed.StatusCode);
        Assert.Equal((byte[])[.. first, .. second], await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task Wrong_checksums_are_refused_and_nothing_is_kept()
    {
        var url = await NewUrlAsync(4);
        var wrong = Convert.ToBase64String(new byte[16]);

        using var blob = await PutAsync(url, "", Bytes(4), ("x-ms-blob-type", "BlockBlob"), ("Content-MD5", wrong));
        using var block = await PutAsync(url, $"&comp=block&blockid={Escaped(0)}", Bytes(4), ("Content-MD5", wrong));
        using var list = await PutListAsync(url, $"<Latest>{Id(0)}</Latest>");

        Assert.Equal((400, "Md5Mismatch"), CodeOf(blob));
        Assert.Equal((400, "Md5Mismatch"), CodeOf(block));
        Assert.Equal((400, "InvalidBlockList"), CodeOf(list));
        Assert.Null(await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task Conditions_are_kept()
    {
        var url = await NewUrlAsync(5);
        var blob = new BlobClient(url);
        var first = (await blob.UploadAsync(BinaryData.FromBytes(Bytes(5)), overwrite: false)).Value;

        await RefusedAsync(409, "BlobAlreadyExists", () => blob.UploadAsync(BinaryData.FromBytes(Bytes(5)), overwrite: false));
        await RefusedAsync(412, "ConditionNotMet", () => WriteAsync(new BlobRequestConditions { IfMatch = new ETag("\"0x1\"") }));
        await RefusedAsync(412, "ConditionNotMet", () => WriteAsync(new BlobRequestConditions { IfNoneMatch = first.ETag }));
        await RefusedAsync(
            412,
            "ConditionNotMet",
            () => WriteAsync(new BlobRequestConditions { IfUnmodifiedSince = DateTimeOffset.UtcNow.AddHours(-1) })
        );
        var second = (await WriteAsync(new BlobRequestConditions { IfMatch = first.ETag })).Value;
        Assert.NotEqual(first.ETag, second.ETag);

        Task<Response<BlobContentInfo>> WriteAsync(BlobRequestConditions conditions) =>
            blob.UploadAsync(BinaryData.FromBytes(Bytes(5)), new BlobUploadOptions { Conditions = conditions });
    }

    [Fact(Timeout = 60_000)]
    public async Task What_does_not_say_that_it_is_a_block_blob_is_refused()
    {
        var url = await NewUrlAsync(100);

        using var put = await PutAsync(url, "", Bytes(100));

        Assert.Equal(400, (int)put.StatusCode);
        Assert.Null(await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_url_permits_nothing_else()
    {
        var url = await NewUrlAsync(5);
        var own = new BlobClient(url);
        await own.UploadAsync(BinaryData.FromBytes(Bytes(5)));
        const string Code = "AuthorizationPermissionMismatch";

        await RefusedAsync(403, Code, () => own.DownloadContentAsync());
        await RefusedAsync(403, Code, () => own.GetPropertiesAsync());
        await RefusedAsync(403, Code, () => own.DeleteAsync());
        await RefusedAsync(403, Code, () => own.GetTagsAsync());
        await RefusedAsync(403, Code, () => Client(url).GetBlockListAsync());
        Assert.Equal(Bytes(5), await ReadAsync(url));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_url_that_was_changed_is_refused()
    {
        var url = await NewUrlAsync(5);
        var other = await NewUrlAsync(5);
        var content = BinaryData.FromBytes(Bytes(5));

        foreach (
            var changed in new[]
            {
                new UriBuilder(url) { Path = other.AbsolutePath }.Uri,
                Changed(url, "se", "2099-01-01T00%3A00%3A00Z"),
                Changed(url, "sp", "racwd"),
                Changed(url, "sig", Uri.EscapeDataString(Convert.ToBase64String(new byte[32]))),
            }
        )
            await RefusedAsync(403, NotSigned, () => new BlobClient(changed).UploadAsync(content));
        Assert.Null(await ReadAsync(url));
        Assert.Null(await ReadAsync(other));
    }

    [Fact(Timeout = 60_000)]
    public async Task Answers_have_the_headers_that_clients_look_at()
    {
        var url = await NewUrlAsync(5);
        const string Md5OfHello = "XUFAKrxLKna5cZ2REBfFkg==";

        using var put = await PutAsync(
            url,
            "",
            "hello"u8.ToArray(),
            ("x-ms-blob-type", "BlockBlob"),
            ("Content-MD5", Md5OfHello),
            ("x-ms-version", "2021-12-02"),
            ("x-ms-client-request-id", "mine")
        );

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        foreach (var name in new[] { "ETag", "x-ms-request-id", "x-ms-request-server-encrypted", "Date" })
            Assert.True(put.Headers.Contains(name), name);
        Assert.NotNull(put.Content.Headers.LastModified);
        Assert.Equal(Md5OfHello, Convert.ToBase64String(put.Content.Headers.ContentMD5!));
        Assert.Equal("mine", put.Headers.GetValues("x-ms-client-request-id").Single());
        Assert.NotEmpty(put.Headers.GetValues("x-ms-version").Single());
    }

    protected Task<HttpResponseMessage> PutListAsync(Uri url, string blocks) =>
        PutAsync(
            url,
            "&comp=blocklist",
            Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{blocks}</BlockList>")
        );

    protected async Task<HttpResponseMessage> PutAsync(Uri url, string query, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url.AbsoluteUri + query) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    protected static (int Status, string? Code) CodeOf(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, answer.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.Single() : null);

    protected static async Task RefusedAsync(int status, string code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RequestFailedException>(call);
        Assert.Equal((status, code), (refused.Status, refused.ErrorCode));
    }

    /// <summary>Blocks of 64 KiB, four at once, and no second try.</summary>
    protected static BlobUploadOptions Small(StorageChecksumAlgorithm checksum) =>
        new()
        {
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = 100_000,
                MaximumTransferSize = 65_536,
                MaximumConcurrency = 4,
            },
            TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = checksum },
        };

    protected static BlockBlobClient Client(Uri url) => new(url, new BlobClientOptions { Retry = { MaxRetries = 0 } });

    protected static string Id(int number) => Convert.ToBase64String(BitConverter.GetBytes(number));

    protected static string Escaped(int number) => Uri.EscapeDataString(Id(number));

    protected static Uri Changed(Uri url, string parameter, string value) =>
        new(
            url.GetLeftPart(UriPartial.Path)
                + "?"
                + string.Join(
                    '&',
                    url.Query.TrimStart('?')
                        .Split('&')
                        .Select(pair => pair.StartsWith(parameter + "=", StringComparison.Ordinal) ? $"{parameter}={value}" : pair)
                )
        );

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
