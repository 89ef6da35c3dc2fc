using System.Collections.Immutable;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TgVault.Cli.Terminal;
using TgVault.Core.Settings;

namespace TgVault.Cli.Listening;

/// <summary>
/// The certificate of a server, from files in PEM. They are looked at before each handshake, so that a renewed certificate is in use
/// without a restart; files that do not fit each other at that moment change nothing.
/// </summary>
sealed class CertificateFiles
{
    /// <summary>A chain of certificates has a few KiB.</summary>
    const int MaxBytes = 1 << 20;

    readonly string _certificate;
    readonly string _key;
    readonly TimeProvider _time;
    readonly Lock _lock = new();

    (Stamp Certificate, Stamp Key) _seen;
    SslServerAuthenticationOptions _current;

    CertificateFiles(ListenSettings settings, TimeProvider time)
    {
        _certificate = settings.Certificate;
        _key = settings.CertificateKey.Length > 0 ? settings.CertificateKey : settings.Certificate;
        _time = time;
        _seen = (StampOf(_certificate), StampOf(_key));
        _current = Load();
    }

    /// <summary>The hosts that the certificate is for; may begin with <c>*.</c>.</summary>
    public ImmutableArray<string> Hosts { get; private set; }

    /// <summary>Where a logger is needed only later, for a renewal that did not work.</summary>
    public ILogger? Log { get; set; }

    /// <summary>Null where the settings name none.</summary>
    /// <exception cref="CommandFailedException">The files cannot be used; the message says which, and why.</exception>
    public static CertificateFiles? Open(ListenSettings settings, TimeProvider time) =>
        settings.Certificate.Length > 0 ? new CertificateFiles(settings, time) : null;

    /// <summary>For the next handshake: the newest certificate that was whole.</summary>
    public SslServerAuthenticationOptions Current()
    {
        lock (_lock)
        {
            try
            {
                var now = (StampOf(_certificate), StampOf(_key));
                if (now == _seen)
                    return _current;
                // Once for each change: a file that cannot be used is not read again and again.
                _seen = now;
                _current = Load();
                Log?.CertificateRenewed(_certificate);
            }
            catch (CommandFailedException exception)
            {
                Log?.CertificateKept(exception.Message);
            }

            return _current;
        }
    }

    SslServerAuthenticationOptions Load()
    {
        var chain = new X509Certificate2Collection();
        var certificates = Read(_certificate);
        try
        {
            chain.ImportFromPem(certificates);
        }
        catch (CryptographicException exception)
        {
            throw new CommandFailedException($"The certificate in {_certificate} is damaged.", exception);
        }

        if (chain.Count == 0)
            throw new CommandFailedException($"{_certificate} holds no certificate in PEM (-----BEGIN CERTIFICATE-----).");
        CheckTime(chain[0]);
        var leaf = WithKey(certificates, Read(_key));
        Hosts = [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];
        return new SslServerAuthenticationOptions
        {
            // Offline: nothing is fetched from addresses that stand in certificates.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }

    void CheckTime(X509Certificate2 certificate)
    {
        var now = _time.GetUtcNow();
        if (now > certificate.NotAfter)
            throw new CommandFailedException($"The certificate in {_certificate} expired on {Day(certificate.NotAfter)}. Renew it.");
        if (now < certificate.NotBefore)
            throw new CommandFailedException($"The certificate in {_certificate} is not valid before {Day(certificate.NotBefore)}.");
    }

    X509Certificate2 WithKey(string certificates, string key)
    {
        if (key.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal) || key.Contains("4,ENCRYPTED", StringComparison.Ordinal))
            throw new CommandFailedException(
                $"The private key in {_key} has a passphrase. Store it without one: openssl pkey -in FILE -out NEW-FILE"
            );
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new CommandFailedException($"{_key} holds no private key in PEM (-----BEGIN PRIVATE KEY-----).");
        try
        {
            return X509Certificate2.CreateFromPem(certificates, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CommandFailedException(
                $"The private key in {_key} is damaged, or not that of the certificate that comes first in {_certificate}.",
                exception
            );
        }
    }

    static string Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? File.ReadAllText(path)
                : throw new CommandFailedException($"{path} is too large for a certificate or a key in PEM.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    // By handle, for the names that are usual here are symbolic links.
    static Stamp StampOf(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return new Stamp(File.GetLastWriteTimeUtc(handle), RandomAccess.GetLength(handle));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, exception);
        }
    }

    static CommandFailedException Unreadable(string path, Exception exception) =>
        new(
            exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => $"{path} does not exist: a certificate's file in PEM is wanted.",
                UnauthorizedAccessException => $"{path} may not be read by the user that runs the vault, or is a folder.",
                _ => $"{path} cannot be read: {exception.Message}",
            },
            exception
        );

    static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    readonly record struct Stamp(DateTime Written, long Bytes);
}
