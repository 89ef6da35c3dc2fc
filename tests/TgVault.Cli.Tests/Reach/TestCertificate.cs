using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TgVault.Cli.Tests.Reach;

/// <summary>Certificates as files, made by an authority of this test's own; each has a key of its own.</summary>
internal sealed class TestCertificate : IDisposable
{
    readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _authority;
    readonly string _folder;

    public TestCertificate(string folder)
    {
        _folder = folder;
        var request = new CertificateRequest("CN=Test authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(90));
        File.WriteAllText(AuthorityPath, _authority.ExportCertificatePem());
    }

    public string AuthorityPath => Path.Combine(_folder, "authority.pem");

    public string CertificatePath => Path.Combine(_folder, "fullchain.pem");

    public string KeyPath => Path.Combine(_folder, "privkey.pem");

    /// <summary>Writes the next certificate and its key in place of the last ones; returns its serial number.</summary>
    public string Write(string host, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        using var made = request.Create(
            _authority,
            from ?? DateTimeOffset.UtcNow.AddDays(-1),
            to ?? DateTimeOffset.UtcNow.AddDays(30),
            // The first bit is no sign.
            [1, .. RandomNumberGenerator.GetBytes(8)]
        );
        // As a certificate's renewal does it: one file after the other.
        File.WriteAllText(CertificatePath, $"{made.ExportCertificatePem()}\n{_authority.ExportCertificatePem()}\n");
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        return made.SerialNumber;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
    }
}
