using System.Collections.Concurrent;
using System.Globalization;
using TgVault.Core.Rows;

namespace TgVault.Core.Telegram;

/// <summary>
/// The highest message of each channel that was seen: Telegram numbers them one after the other. Kept in rows of the vault's table in
/// partition <c>newest</c>, so that a process knows from its start on what was there before it. A row may lag behind.
/// </summary>
/// <param name="table">The vault's table; null: nothing is kept.</param>
sealed class NewestMessages(IRowTable? table)
{
    const string Partition = "newest";
    const string Message = "Message";

    readonly ConcurrentDictionary<long, int> _seen = new();
    readonly ConcurrentDictionary<long, int> _kept = new();
    volatile bool _isLoaded = table is null;

    /// <summary>Of this channel; 0: none was seen.</summary>
    public int In(long channel) => _seen.GetValueOrDefault(channel);

    public void See(long channel, int message) => _seen.AddOrUpdate(channel, message, (_, known) => Math.Max(known, message));

    /// <summary>Takes over what earlier processes saw; costs nothing the next time.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_isLoaded)
            return;
        await foreach (var row in table!.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
        {
            if (!long.TryParse(row.Key, CultureInfo.InvariantCulture, out var channel) || row.Int32(Message) is not { } message)
                continue;
            See(channel, message);
            _kept[channel] = message;
        }

        _isLoaded = true;
    }

    /// <summary>Keeps what was seen since.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        foreach (var (channel, message) in _seen)
        {
            if (table is null || message <= _kept.GetValueOrDefault(channel))
                continue;
            var key = channel.ToString(CultureInfo.InvariantCulture);
            await table.PutAsync(new Row(Partition, key) { [Message] = message }, cancellationToken);
            _kept[channel] = message;
        }
    }
}
