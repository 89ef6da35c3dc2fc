using System.Diagnostics;
using OpenTelemetry;
using TgVault.Core.Telemetry;

namespace TgVault.Web.Telemetry;

/// <summary>
/// Spans of the host around us (the Functions worker's) keep their names and ids; the message of an exception, which it makes their
/// status, does not leave the process.
/// </summary>
internal sealed class ExportedSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source != VaultTrace.Source && data.StatusDescription is not null)
            data.SetStatus(data.Status);
    }
}
