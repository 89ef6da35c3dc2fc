using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Chunks;
using TgVault.Core.Rows;

namespace TgVault.Core.Replicas;

/// <summary>What is known of a replica: which one it is, and how far it follows the catalogue.</summary>
/// <param name="Id">What its marker says.</param>
/// <param name="Sequence">Every change up to this catalogue is in it.</param>
/// <param name="Segments">How many changes that catalogue had in segments; where they are others, not all changes are among the recent
/// ones.</param>
sealed record ReplicaState(string Id, long Sequence, long Segments);

/// <summary>
/// The rows about replicas, in the vault's table. Partition <c>replicas</c> has one row per place, and one that says when it was looked at;
/// <c>replica.</c> and a replica's id has one per video that is whole in it, with the manifest that it had then.
/// </summary>
sealed class ReplicaTable(IRowTable table)
{
    const string Partition = "replicas";

    public async Task<ReplicaState?> FindAsync(string place, CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, KeyOf(place), null, cancellationToken) is { } row
            ? new ReplicaState(row.Text("Id") ?? "", row.Int64("Sequence") ?? 0, row.Int64("Segments") ?? 0)
            : null;

    public Task SaveAsync(string place, ReplicaState state, CancellationToken cancellationToken) =>
        table.PutAsync(
            new Row(Partition, KeyOf(place))
            {
                ["Id"] = state.Id,
                ["Sequence"] = state.Sequence,
                ["Segments"] = state.Segments,
            },
            cancellationToken
        );

    /// <summary>When copies in it were last read as a whole; null: never.</summary>
    public async Task<DateTimeOffset?> FindVerifiedAsync(string place, CancellationToken cancellationToken) =>
        (await table.FindAsync(Partition, VerifiedKeyOf(place), null, cancellationToken))?.Time("Verified");

    public Task SaveVerifiedAsync(string place, DateTimeOffset verified, CancellationToken cancellationToken) =>
        table.PutAsync(new Row(Partition, VerifiedKeyOf(place)) { ["Verified"] = verified }, cancellationToken);

    /// <summary>Whether all that this manifest names was brought into the replica.</summary>
    public async Task<bool> IsWholeAsync(string replica, VideoId video, ChunkReceipt manifest, CancellationToken cancellationToken) =>
        await table.FindAsync(PartitionOf(replica), video.ToString(), ["Manifest"], cancellationToken) is { } row
        && row.Text("Manifest") == MarkOf(manifest);

    public Task SetWholeAsync(string replica, VideoId video, ChunkReceipt manifest, CancellationToken cancellationToken) =>
        table.PutAsync(new Row(PartitionOf(replica), video.ToString()) { ["Manifest"] = MarkOf(manifest) }, cancellationToken);

    public Task ForgetAsync(string replica, VideoId video, CancellationToken cancellationToken) =>
        table.DeleteAsync(PartitionOf(replica), video.ToString(), cancellationToken);

    /// <summary>How many videos are whole in it.</summary>
    public async Task<int> CountAsync(string replica, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(replica);
        // '~' follows all characters of an id.
        await foreach (var (_, rows) in table.CountAsync(partition, partition + "~", cancellationToken))
            return rows;
        return 0;
    }

    static string VerifiedKeyOf(string place) => $"{KeyOf(place)}.verified";

    static string PartitionOf(string replica) => $"replica.{replica}";

    // Keys have no slashes.
    static string KeyOf(string place) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)).AsSpan(0, 16));

    static string MarkOf(ChunkReceipt receipt) =>
        FormattableString.Invariant($"{receipt.ChatId}.{receipt.MessageId}.{receipt.FileUniqueId}");
}
