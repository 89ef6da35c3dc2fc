using System.Net.Security;
using System.Security.Cryptography;
using TgVault.Cli.Listening;
using TgVault.Cli.Terminal;
using TgVault.Cli.Tests.Reach;
using TgVault.Core.Settings;

namespace TgVault.Cli.Tests.Listening;

/// <summary>Certificates from files: what is used, when it is read again, and what is said of files that cannot be used.</summary>
public sealed class CertificateFilesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-certificate-").FullName;
    readonly TestCertificate _files;

    public CertificateFilesTests()
    {
        _files = new TestCertificate(_folder);
        _files.Write("video.example.org");
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_renewed_certificate_is_used_from_the_next_handshake_on()
    {
        var opened = Open();
        Assert.Equal(["video.example.org"], opened.Hosts.AsEnumerable());

        var serial = _files.Write("other.example.org");

        Assert.Equal(serial, SerialOf(opened.Current()));
        Assert.Same(opened.Current(), opened.Current());
    }

    [Fact]
    public void A_renewal_under_way_leaves_the_old_certificate_in_use_until_its_key_is_there_too()
    {
        var opened = Open();
        var old = SerialOf(opened.Current());
        var oldKey = File.ReadAllText(_files.KeyPath);
        var serial = _files.Write("video.example.org");
        var newKey = File.ReadAllText(_files.KeyPath);

        File.WriteAllText(_files.KeyPath, oldKey);
        Assert.Equal(old, SerialOf(opened.Current()));
        File.Delete(_files.KeyPath);
        Assert.Equal(old, SerialOf(opened.Current()));
        File.WriteAllText(_files.KeyPath, newKey + "\n");
        Assert.Equal(serial, SerialOf(opened.Current()));
    }

    [Fact]
    public void Files_behind_symbolic_links_are_seen_to_change()
    {
        var link = Path.Combine(_folder, "live.pem");
        var keyLink = Path.Combine(_folder, "live-key.pem");
        File.CreateSymbolicLink(link, _files.CertificatePath);
        File.CreateSymbolicLink(keyLink, _files.KeyPath);
        var opened = CertificateFiles.Open(new ListenSettings { Certificate = link, CertificateKey = keyLink }, TimeProvider.System)!;

        var serial = _files.Write("video.example.org");

        Assert.Equal(serial, SerialOf(opened.Current()));
    }

    [Fact]
    public void The_key_may_stand_in_the_certificates_file()
    {
        File.AppendAllText(_files.CertificatePath, File.ReadAllText(_files.KeyPath));

        var opened = CertificateFiles.Open(new ListenSettings { Certificate = _files.CertificatePath }, TimeProvider.System)!;

        Assert.True(opened.Current().ServerCertificateContext!.TargetCertificate.HasPrivateKey);
    }

    [Fact]
    public void An_expired_certificate_and_one_of_the_future_are_refused_by_their_day()
    {
        _files.Write(
            "video.example.org",
            DateTimeOffset.UtcNow.AddDays(-2),
            new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-1), TimeSpan.Zero)
        );
        Assert.Equal(
            $"The certificate in {_files.CertificatePath} expired on {DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}. Renew it.",
            Refused()
        );

        _files.Write("video.example.org", new DateTimeOffset(DateTime.UtcNow.Date.AddDays(2), TimeSpan.Zero));
        Assert.Equal(
            $"The certificate in {_files.CertificatePath} is not valid before {DateTime.UtcNow.AddDays(2):yyyy-MM-dd}.",
            Refused()
        );
    }

    [Fact]
    public void A_key_that_is_another_certificates_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_files.KeyPath, other.ExportPkcs8PrivateKeyPem());

        Assert.Contains($"The private key in {_files.KeyPath} is damaged, or not that of", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_with_a_passphrase_is_refused_with_what_to_do()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        File.WriteAllText(_files.KeyPath, key.ExportEncryptedPkcs8PrivateKeyPem("passphrase", parameters));

        Assert.Contains("openssl pkey -in", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no certificate in PEM")]
    [InlineData("not a certificate", "holds no certificate in PEM")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is damaged")]
    public void What_is_no_certificate_is_refused(string text, string expected)
    {
        File.WriteAllText(_files.CertificatePath, text);

        Assert.Contains(expected, Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_there_or_too_large_are_refused_by_name()
    {
        File.WriteAllText(_files.KeyPath, "no key");
        Assert.Contains($"{_files.KeyPath} holds no private key", Refused(), StringComparison.Ordinal);

        File.WriteAllBytes(_files.KeyPath, new byte[(1 << 20) + 1]);
        Assert.Contains($"{_files.KeyPath} is too large", Refused(), StringComparison.Ordinal);

        File.Delete(_files.KeyPath);
        Assert.Contains($"{_files.KeyPath} does not exist", Refused(), StringComparison.Ordinal);

        File.Delete(_files.CertificatePath);
        Directory.CreateDirectory(_files.CertificatePath);
        Assert.Contains($"{_files.CertificatePath} may not be read", Refused(), StringComparison.Ordinal);
    }

    CertificateFiles Open() =>
        CertificateFiles.Open(
            new ListenSettings { Certificate = _files.CertificatePath, CertificateKey = _files.KeyPath },
            TimeProvider.System
        )!;

    string Refused() => Assert.Throws<CommandFailedException>(Open).Message;

    static string SerialOf(SslServerAuthenticationOptions options) => options.ServerCertificateContext!.TargetCertificate.SerialNumber;
}
