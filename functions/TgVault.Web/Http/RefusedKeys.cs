using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TgVault.Web.Http;

/// <summary>
/// Says in the log who sends API keys that are not good: once an hour of each address, with how many came since; never a key. Of more
/// addresses than <see cref="MostAddresses"/> within an hour nothing more is said, for anybody can send from many. For any number of
/// threads.
/// </summary>
internal sealed class RefusedKeys(TimeProvider time, ILogger<RefusedKeys> log)
{
    public const int MostAddresses = 1000;

    static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    readonly Dictionary<IPAddress, (DateTimeOffset Said, long Since)> _addresses = [];

    public void Tell(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Count(address, time.GetUtcNow()) is { } since)
            log.KeyRefused(address, since);
    }

    /// <summary>How many came since the last line about this address; null where there is to be none now.</summary>
    long? Count(IPAddress address, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_addresses.TryGetValue(address, out var last) && now - last.Said < Silence)
            {
                _addresses[address] = last with { Since = last.Since + 1 };
                return null;
            }

            if (_addresses.Count >= MostAddresses)
            {
                foreach (var (old, _) in _addresses.Where(one => now - one.Value.Said >= Silence).ToList())
                    _addresses.Remove(old);
                if (_addresses.Count >= MostAddresses)
                    return null;
            }

            _addresses[address] = (now, 0);
            return last.Since;
        }
    }
}
