using Microsoft.Extensions.Logging;

namespace TgVault.Web.Http.Problems;

/// <summary>
/// Says in the log that the vault's storage does not work, a full disk mostly: in one line, and the same not again within a minute, however
/// many requests meet it.
/// </summary>
internal sealed class StorageTrouble(TimeProvider time, ILogger<StorageTrouble> log)
{
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    string? _said;
    long _at;

    /// <param name="reason">One sentence of the vault's own: what does not work, and what to do.</param>
    public void Say(string reason)
    {
        lock (_gate)
        {
            if (_said == reason && time.GetElapsedTime(_at) < Quiet)
                return;
            (_said, _at) = (reason, time.GetTimestamp());
        }

        log.StorageTroubled(reason);
    }
}
