using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Azurite;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Storage;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Storage;

/// <summary>
/// An account without shared keys, as infra/ makes it: bearer tokens, and upload URLs signed with a user delegation key.
/// Azurite checks tokens' issuer, audience and lifetime and the URLs' signatures, but not what an identity may do:
/// that is for infra's tests.
/// </summary>
public sealed class IdentityTests : IAsyncLifetime, IDisposable
{
    const string Host = "tgvault.blob.core.windows.net";

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-identity-").FullName;
    readonly X509Certificate2 _certificate = NewCertificate();

    AzuriteProcess? _azurite;
    HttpClient _client = new();

    public async Task InitializeAsync()
    {
        var certificate = new AzuriteCertificate(Path.Combine(_folder, "certificate.pem"), Path.Combine(_folder, "key.pem"));
        await File.WriteAllTextAsync(certificate.Path, _certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(certificate.KeyPath, _certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _azurite = await AzuriteProcess.StartAsync(
            Path.Combine(_folder, "azurite"),
            RepositoryFolders.NodeModules(),
            certificate,
            CancellationToken.None
        );
        _client.Dispose();
        _client = NewClient(_azurite);
    }

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_upload_url_is_signed_by_a_delegation_and_writes_its_blob_only()
    {
        var staging = await NewStaging();
        var id = VideoId.New(DateTimeOffset.UtcNow);

        var ticket = await staging.CreateUploadAsync(id, TimeSpan.FromHours(1), CancellationToken.None);

        Assert.StartsWith($"https://{Host}/staging/{id}?", ticket.Url.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("skoid=", ticket.Url.Query, StringComparison.Ordinal);
        await new BlobClient(ticket.Url, Options()).UploadAsync(BinaryData.FromBytes(new byte[5]));
        await Refused(
            new BlobClient(new BlobUriBuilder(ticket.Url) { BlobName = "other" }.ToUri(), Options()).UploadAsync(
                BinaryData.FromBytes(new byte[5])
            )
        );
        await Refused(new BlobClient(ticket.Url, Options()).DownloadContentAsync());
        var staged = await staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None);
        Assert.Equal(5, staged?.LengthBytes);
        var read = new byte[5];
        await staging.ReadAsync(staged!, 0, read, CancellationToken.None);
        Assert.Equal(new byte[5], read);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_upload_url_ends_when_its_delegation_does()
    {
        var staging = await NewStaging();

        var ticket = await staging.CreateUploadAsync(VideoId.New(DateTimeOffset.UtcNow), TimeSpan.FromDays(30), CancellationToken.None);

        Assert.InRange(ticket.Expires, DateTimeOffset.UtcNow.AddDays(6), DateTimeOffset.UtcNow.AddDays(7));
    }

    [Fact(Timeout = 120_000)]
    public async Task Rows_are_written_and_found_with_the_same_identity()
    {
        var account = Connect();
        var rows = new TableRowStore(account.Tables, account.Prefix);
        // Row by row: a batch under the service's own name, without the account in its path, is too much for Azurite (500).
        var table = rows.Table(VaultTables.Videos);
        await table.CreateAsync(CancellationToken.None);

        var version = await table.TryInsertAsync(new Row("film", "video") { ["Name"] = "film.mp4" }, CancellationToken.None);

        var found = await table.FindAsync("film", "video", columns: null, CancellationToken.None);
        Assert.Equal(("film.mp4", version), (found?.Text("Name"), found?.Version));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_token_for_another_audience_opens_nothing()
    {
        var account = Connect(audience: "https://vault.azure.net");

        await Refused(account.Blobs.GetBlobContainerClient("staging").CreateAsync());
    }

    async Task<BlobStaging> NewStaging()
    {
        var staging = new BlobStaging(Connect(), new UploadSettings(), NullLogger<BlobStaging>.Instance);
        await staging.PrepareAsync(CancellationToken.None);
        return staging;
    }

    StorageAccount Connect(string audience = "https://storage.azure.com") =>
        StorageAccount.Connect(
            new VaultSettings { Storage = $"https://{Host}" },
            TimeProvider.System,
            new Identity(audience),
            new HttpClientTransport(_client)
        );

    BlobClientOptions Options() => new() { Transport = new HttpClientTransport(_client) };

    static async Task Refused<T>(Task<T> call) =>
        Assert.InRange((await Assert.ThrowsAsync<RequestFailedException>(() => call)).Status, 401, 403);

    // The service's names lead to Azurite's ports, and its certificate is the only one trusted.
    HttpClient NewClient(AzuriteProcess azurite) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var port = context.DnsEndPoint.Host.Contains(".blob.", StringComparison.Ordinal) ? azurite.BlobPort : azurite.TablePort;
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate is not null
                        && certificate.GetCertHashString(HashAlgorithmName.SHA256)
                            == _certificate.GetCertHashString(HashAlgorithmName.SHA256),
                },
            }
        );

    static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=storage", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
    }

    /// <summary>Tokens as the identity platform's, without its signature.</summary>
    sealed class Identity(string audience) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var now = DateTimeOffset.UtcNow;
            var expires = now.AddHours(1);
            var (issued, since) = (now.ToUnixTimeSeconds(), now.AddMinutes(-5).ToUnixTimeSeconds());
            var claims = $$"""
                {"aud":"{{audience}}","iss":"https://sts.windows.net/{{Guid.Empty}}/","oid":"{{Guid.Empty}}","tid":"{{Guid.Empty}}",
                "iat":{{issued}},"nbf":{{since}},"exp":{{expires.ToUnixTimeSeconds()}}}
                """;
            return new AccessToken($"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}.{Encode("unsigned")}", expires);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));

        static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }
}
