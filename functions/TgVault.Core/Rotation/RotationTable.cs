using TgVault.Core.Rows;

namespace TgVault.Core.Rotation;

/// <summary>The row that says how far a rotation is. Its partition is <c>rotation</c>, in the vault's table.</summary>
/// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
sealed class RotationTable(IRowTable table)
{
    const string Partition = "rotation";
    const string Key = "state";

    /// <summary>Null in a vault whose master secret was never rotated.</summary>
    public async Task<RotationState?> FindAsync(CancellationToken cancellationToken) =>
        await table.FindAsync(Partition, Key, null, cancellationToken) is { } row
            ? new RotationState
            {
                Version = row.Int32(nameof(RotationState.Version)) ?? 0,
                Stage = Enum.TryParse<RotationStage>(row.Text(nameof(RotationState.Stage)), out var stage) ? stage : RotationStage.Videos,
                Began = row.Time(nameof(RotationState.Began)) ?? default,
                Ended = row.Time(nameof(RotationState.Ended)),
                Videos = row.Int32(nameof(RotationState.Videos)) ?? 0,
                Waiting = row.Text(nameof(RotationState.Waiting)),
                After = VideoId.TryParse(row.Text(nameof(RotationState.After))),
                HasChanged = row.Boolean(nameof(RotationState.HasChanged)) ?? false,
                Stuck = VideoId.TryParse(row.Text(nameof(RotationState.Stuck))),
            }
            : null;

    /// <summary>Two instances may both go on with a rotation: what the later one writes is true as well.</summary>
    public Task SaveAsync(RotationState state, CancellationToken cancellationToken) =>
        table.PutAsync(
            new Row(Partition, Key)
            {
                [nameof(RotationState.Version)] = state.Version,
                [nameof(RotationState.Stage)] = state.Stage.ToString(),
                [nameof(RotationState.Began)] = state.Began,
                [nameof(RotationState.Ended)] = state.Ended,
                [nameof(RotationState.Videos)] = state.Videos,
                [nameof(RotationState.Waiting)] = state.Waiting,
                [nameof(RotationState.After)] = state.After?.ToString(),
                [nameof(RotationState.HasChanged)] = state.HasChanged,
                [nameof(RotationState.Stuck)] = state.Stuck?.ToString(),
            },
            cancellationToken
        );
}
