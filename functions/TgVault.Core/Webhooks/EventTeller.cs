using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Webhooks;

/// <summary>Hands on what happened to videos.</summary>
interface IEventTeller
{
    /// <summary>Writes a message for each webhook that wants it, then that it is told. Safe to repeat; loses nothing at a crash.</summary>
    Task TellAsync(Video video, CancellationToken cancellationToken);

    /// <summary>The same for every video of which something is still to be told. One that cannot be told keeps no other from it.</summary>
    Task TellAllAsync(CancellationToken cancellationToken);
}

/// <inheritdoc/>
sealed class EventTeller(ILibrary library, WebhookRing webhooks, Deliveries deliveries, IVideoJson json, ILogger<EventTeller> logger)
    : IEventTeller
{
    public async Task TellAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var video in library.ListUntoldAsync(cancellationToken))
        {
            try
            {
                await TellAsync(video, cancellationToken);
            }
#pragma warning disable CA1031 // Reported, and tried again at the next look.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.TellingFailed(video.Id, exception);
            }
        }
    }

    public async Task TellAsync(Video video, CancellationToken cancellationToken)
    {
        if (video.Untold.IsEmpty)
            return;
        var told = video.Untold;
        var all = await webhooks.ListAsync(cancellationToken);
        foreach (var one in told)
        {
            var payload = PayloadOf(LifeEvent.NameOf(one.Kind), one.Time, json.Write(one.Seen(video)));
            foreach (var webhook in all.Where(webhook => webhook.Disabled is null && webhook.Kinds.Contains(one.Kind)))
                await deliveries.AddAsync(webhook.Id, one, video.Id, payload, cancellationToken);
        }

        await library.ChangeAsync(
            video.Id,
            current => current with { Untold = [.. current.Untold.Where(one => !told.Contains(one))] },
            cancellationToken
        );
    }

    /// <summary>The body of a message (https://www.standardwebhooks.com, "Payload structure").</summary>
    internal static byte[] PayloadOf(string type, DateTimeOffset time, ReadOnlySpan<byte> data)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"{{type}}","timestamp":"{{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","data":"""
        );
        return [.. Encoding.UTF8.GetBytes(head), .. data, (byte)'}'];
    }
}
