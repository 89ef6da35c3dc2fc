namespace TgVault.Cli.Chaos;

/// <summary>What a run was asked for.</summary>
/// <param name="Time">How long the storm lasts; letting go and the checks come on top.</param>
/// <param name="Seed">Of all dice.</param>
/// <param name="Folder">Empty or not there yet.</param>
sealed record ChaosOptions(TimeSpan Time, int Seed, string Folder)
{
    /// <summary>So often all actors together act until the storm ends, if its time is not up before; null: by the time alone.</summary>
    public int? MostActs { get; init; }
}
