using System.Globalization;
using System.Runtime.CompilerServices;
using TgVault.Core.Rows;

namespace TgVault.Core.Webhooks;

/// <summary>A delivery as it is kept, with what is sent.</summary>
sealed record KeptDelivery(Delivery Delivery, byte[] Payload)
{
    /// <summary>Empty on one not yet stored.</summary>
    public string RowVersion { get; init; } = "";
}

/// <summary>
/// The rows of deliveries: partition <c>deliveries.</c> and the webhook's id, the key is the message's. What waits is also in partition
/// <c>due.</c> and the webhook's id, by its time. The delivery's row says what is true: an entry is written before it and removed after it,
/// so that it may be one too many after a crash, and then says another time than the row.
/// </summary>
sealed class DeliveryTable(IRowTable rows)
{
    // Table Storage takes no longer value; a message of the longest description and many tracks is some tens of kilobytes.
    const int PartBytes = 60 << 10;

    static readonly string[] WithoutPayload =
    [
        "Type",
        "Video",
        "Time",
        "State",
        "Tries",
        "NextTry",
        "LastTry",
        "Status",
        "Milliseconds",
        "Problem",
    ];

    /// <summary>The newest first, without what is sent.</summary>
    public async IAsyncEnumerable<Delivery> ListAsync(string webhook, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.ListAsync(RowRange.Of(Of(webhook)), RowLimits.MostPageRows, WithoutPayload, cancellationToken))
            yield return Read(row);
    }

    public async Task<KeptDelivery?> FindAsync(string webhook, string message, CancellationToken cancellationToken) =>
        VideoId.TryParse(message) is not null && await rows.FindAsync(Of(webhook), message, null, cancellationToken) is { } row
            ? new KeptDelivery(Read(row), ReadPayload(row)) { RowVersion = row.Version }
            : null;

    /// <summary>Adds a delivery; one that is there already stays, and is made due again where it waits.</summary>
    public async Task AddAsync(string webhook, KeptDelivery kept, CancellationToken cancellationToken)
    {
        if (await rows.TryInsertAsync(Write(webhook, kept), cancellationToken) is not null)
            await MakeDueAsync(webhook, kept.Delivery, cancellationToken);
        else if (await FindAsync(webhook, kept.Delivery.Message, cancellationToken) is { } there)
            await MakeDueAsync(webhook, there.Delivery, cancellationToken);
    }

    /// <summary>Writes how far it is; false where somebody else did meanwhile, or it is gone.</summary>
    public async Task<bool> TryReplaceAsync(string webhook, KeptDelivery kept, CancellationToken cancellationToken)
    {
        await MakeDueAsync(webhook, kept.Delivery, cancellationToken);
        return await rows.TryReplaceAsync(Write(webhook, kept), kept.RowVersion, cancellationToken) is not null;
    }

    /// <summary>What is due, the longest due first; entries that lead nowhere are removed on the way.</summary>
    public async IAsyncEnumerable<KeptDelivery> ListDueAsync(
        string webhook,
        DateTimeOffset now,
        int most,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Until the very millisecond: '0' follows '.', which stands behind the time in every key.
        var range = RowRange.Keys(Due(webhook), "0", $"{Milliseconds(now)}/");
        var seen = 0;
        await foreach (var entry in rows.ListAsync(range, most, [], cancellationToken))
        {
            if (seen++ == most)
                yield break;
            var message = entry.Key[(entry.Key.IndexOf('.', StringComparison.Ordinal) + 1)..];
            var kept = await FindAsync(webhook, message, cancellationToken);
            if (kept?.Delivery is { State: DeliveryState.Waiting } delivery && DueKey(delivery) == entry.Key)
                yield return kept;
            // Also after it was yielded: by now it has another time, or none.
            if (await FindAsync(webhook, message, cancellationToken) is not { Delivery: var now2 } || DueKey(now2) != entry.Key)
                await rows.DeleteAsync(Due(webhook), entry.Key, cancellationToken);
        }
    }

    /// <summary>Removes what ended, but the newest so many.</summary>
    public async Task PruneAsync(string webhook, int kept, CancellationToken cancellationToken)
    {
        var ended = 0;
        await foreach (var row in rows.ListAsync(RowRange.Of(Of(webhook)), RowLimits.MostPageRows, ["State"], cancellationToken))
        {
            if (row.Text("State") != nameof(DeliveryState.Waiting) && ++ended > kept)
                await rows.TryDeleteAsync(row.Partition, row.Key, row.Version, cancellationToken);
        }
    }

    /// <summary>Removes all of a webhook. Safe to repeat.</summary>
    public async Task RemoveAsync(string webhook, CancellationToken cancellationToken)
    {
        await rows.DeleteRangeAsync(RowRange.Of(Of(webhook)), cancellationToken);
        await rows.DeleteRangeAsync(RowRange.Of(Due(webhook)), cancellationToken);
    }

    async Task MakeDueAsync(string webhook, Delivery delivery, CancellationToken cancellationToken)
    {
        if (DueKey(delivery) is { } key)
            await rows.PutAsync(new Row(Due(webhook), key), cancellationToken);
    }

    static string Of(string webhook) => $"deliveries.{webhook}";

    static string Due(string webhook) => $"due.{webhook}";

    static string? DueKey(Delivery delivery) =>
        delivery is { State: DeliveryState.Waiting, NextTry: { } next } ? $"{Milliseconds(next)}.{delivery.Message}" : null;

    static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture);

    static Row Write(string webhook, KeptDelivery kept)
    {
        var delivery = kept.Delivery;
        var row = new Row(Of(webhook), delivery.Message)
        {
            ["Type"] = delivery.Type,
            ["Video"] = delivery.Video?.ToString(),
            ["Time"] = delivery.Time,
            ["State"] = delivery.State.ToString(),
            ["Tries"] = delivery.Tries,
            ["NextTry"] = delivery.NextTry,
            ["LastTry"] = delivery.LastTry,
            ["Status"] = delivery.Status,
            ["Milliseconds"] = delivery.Milliseconds,
            ["Problem"] = delivery.Problem,
        };
        foreach (var (part, bytes) in kept.Payload.Chunk(PartBytes).Index())
            row[PayloadPart(part)] = bytes;
        return row;
    }

    static Delivery Read(Row row) =>
        new(row.Key, row.Text("Type") ?? "", VideoId.TryParse(row.Text("Video")), row.Time("Time") ?? row.Modified)
        {
            // What this version does not know is over.
            State = Enum.TryParse<DeliveryState>(row.Text("State"), out var state) ? state : DeliveryState.Failed,
            Tries = row.Int32("Tries") ?? 0,
            NextTry = row.Time("NextTry"),
            LastTry = row.Time("LastTry"),
            Status = row.Int32("Status"),
            Milliseconds = row.Int32("Milliseconds"),
            Problem = row.Text("Problem"),
        };

    static byte[] ReadPayload(Row row)
    {
        using var payload = new MemoryStream();
        for (var part = 0; row.Bytes(PayloadPart(part)) is { } bytes; part++)
            payload.Write(bytes);
        return payload.ToArray();
    }

    static string PayloadPart(int part) => part == 0 ? "Payload" : string.Create(CultureInfo.InvariantCulture, $"Payload_{part}");
}
