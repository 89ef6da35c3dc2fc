using TgVault.Cli.Terminal;

namespace TgVault.Cli.Local;

/// <summary>
/// What `up` does for a rotation of the master secret that it keeps itself: it notices the new one, and forgets the former when nothing
/// needs it. The rotation itself is the vault's.
/// </summary>
static class LocalRotation
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the folder has another master secret than the vault runs with; until then only if it is cancelled.</summary>
    /// <param name="folder">The vault's.</param>
    /// <param name="secrets">What it runs with.</param>
    /// <param name="rotated">Completes when nothing needs a former master secret any more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task FollowAsync(VaultFolder folder, LocalSecrets secrets, Task rotated, CancellationToken cancellationToken)
    {
        var isForgotten = secrets.FormerMasterSecret is null;
        using var timer = new PeriodicTimer(LookAgain);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    if (!isForgotten && rotated.IsCompletedSuccessfully)
                    {
                        folder.EndRotation(DateTimeOffset.UtcNow);
                        isForgotten = true;
                        Notice.Print(
                            "The rotation of the master secret has ended, and the former one is forgotten. Print the new one: "
                                + "./tgvault recovery-kit"
                        );
                    }

                    if (VaultFolder.ReadSecrets(folder.Path) is { } now && now.MasterSecret != secrets.MasterSecret)
                        return;
                }
                catch (IOException)
                {
                    // A disk that is full, say, is no reason to stop; the next look tries again.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The vault stops.
        }
    }
}
