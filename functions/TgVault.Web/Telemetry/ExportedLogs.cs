using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using TgVault.Core;

namespace TgVault.Web.Telemetry;

/// <summary>
/// Takes exceptions apart before a log line leaves the process: what they are and where they came from go; what they say goes only
/// where the vault wrote it, since messages of storage, HTTP or file systems name addresses and files.
/// </summary>
internal sealed class ExportedLogs : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.Exception is not { } exception)
            return;
        data.Attributes = [.. data.Attributes ?? [], .. Describe(exception)];
        data.Exception = null;
    }

    static IEnumerable<KeyValuePair<string, object?>> Describe(Exception exception)
    {
        yield return new("exception.type", string.Join(" < ", Chain(exception).Select(part => part.GetType().FullName)));
        if (exception is VaultException)
            yield return new("exception.message", exception.Message);
        // Frames alone; ToString would repeat every message.
        yield return new("exception.stacktrace", new StackTrace(exception, fNeedFileInfo: false).ToString());
    }

    static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var part = exception; part is not null; part = part.InnerException)
            yield return part;
    }
}
