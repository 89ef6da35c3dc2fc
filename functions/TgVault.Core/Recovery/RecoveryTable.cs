using TgVault.Core.Rows;

namespace TgVault.Core.Recovery;

/// <summary>The row that says how far a recovery is. Its partition is <c>recovery</c>, in the vault's table.</summary>
sealed class RecoveryTable(IRowTable table)
{
    const string Partition = "recovery";
    const string Key = "state";

    /// <summary>Null in a vault that never had anything to recover.</summary>
    public async Task<RecoveryState?> FindAsync(CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, Key, null, cancellationToken) is { } row
            ? new RecoveryState
            {
                Stage = Enum.TryParse<RecoveryStage>(row.Text(nameof(RecoveryState.Stage)), out var stage) ? stage : RecoveryStage.Running,
                Videos = row.Int64(nameof(RecoveryState.Videos)) ?? 0,
                Failed = row.Int64(nameof(RecoveryState.Failed)) ?? 0,
            }
            : null;

    /// <summary>Notes the state, unless there is one.</summary>
    public Task TryAddAsync(RecoveryState state, CancellationToken cancellationToken) =>
        table.TryInsertAsync(ToRow(state), cancellationToken);

    public Task SaveAsync(RecoveryState state, CancellationToken cancellationToken) => table.PutAsync(ToRow(state), cancellationToken);

    static Row ToRow(RecoveryState state) =>
        new(Partition, Key)
        {
            [nameof(RecoveryState.Stage)] = state.Stage.ToString(),
            [nameof(RecoveryState.Videos)] = state.Videos,
            [nameof(RecoveryState.Failed)] = state.Failed,
        };
}
