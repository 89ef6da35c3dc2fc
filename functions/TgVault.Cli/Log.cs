namespace TgVault.Cli;

static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "The certificate in {File} was read again: new connections use it")]
    public static partial void CertificateRenewed(this ILogger logger, string file);

    [LoggerMessage(1101, LogLevel.Warning, "The certificate that was in use stays: {Reason}")]
    public static partial void CertificateKept(this ILogger logger, string reason);
}
