using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Videos;

/// <summary>Waits for the end of a video's ingest, over restarts of the vault.</summary>
sealed class IngestWatch(VaultClient vault)
{
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    /// <summary>Returns the video once it is ready or failed.</summary>
    /// <param name="changed">Told each state on the way; null where the vault does not answer at this moment.</param>
    /// <exception cref="CommandFailedException">The video was removed meanwhile, or the vault did not come back.</exception>
    public async Task<VideoView> WaitAsync(string id, Action<VideoView?> changed, CancellationToken cancellationToken)
    {
        var heard = DateTimeOffset.UtcNow;
        while (true)
        {
            try
            {
                var video = await vault.GetAsync(id, cancellationToken);
                heard = DateTimeOffset.UtcNow;
                if (video.Status == "deleting")
                    throw new CommandFailedException($"Video {id} was removed.");
                if (video.IsFinal)
                    return video;
                changed(video);
                await foreach (var state in vault.FollowAsync(id, cancellationToken))
                {
                    heard = DateTimeOffset.UtcNow;
                    // Asked once more: an event may tell less than the video itself.
                    if (state.IsFinal)
                        break;
                    changed(state);
                }
            }
            catch (Exception exception) when (Failures.IsBrokenOff(exception))
            {
                // The vault may be restarting, and takes the ingest up again.
                changed(null);
                if (DateTimeOffset.UtcNow - heard > LongestSilence)
                    throw new CommandFailedException(
                        "The vault stopped. The upload is safe with it: once it runs again it goes on by itself, and "
                            + $"`./tgvault show {id}` tells how far it is.",
                        exception
                    );
            }

            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }
}
