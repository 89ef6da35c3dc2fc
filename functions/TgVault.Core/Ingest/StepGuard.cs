using Microsoft.Extensions.Logging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>Makes a step end with an outcome, not an exception, whatever happened inside: the mapping is here and nowhere else.</summary>
sealed class StepGuard(ILogger<StepGuard> logger)
{
    /// <summary>The wait where nobody named one: the store's own retries are spent by then.</summary>
    static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(15);

    /// <summary>The wait until somebody has mended a setting or a bot's rights: the upload is not to fail for that.</summary>
    static readonly TimeSpan MendingWait = TimeSpan.FromMinutes(1);

    /// <param name="name">What spans and metrics call it.</param>
    /// <param name="run">The attempt.</param>
    /// <param name="step">The work.</param>
    /// <param name="cancellationToken">Stops it: the only way to end with an exception.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task<StepOutcome> RunAsync(string name, IngestRun run, Func<Task<StepOutcome>> step, CancellationToken cancellationToken) =>
        StepTrace.RunAsync(name, run, () => EndAsync(run, step, cancellationToken));

    /// <summary>The same without a span and a metric: for work that is no step of an ingest.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<StepOutcome> EndAsync(IngestRun run, Func<Task<StepOutcome>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (AttemptAbandonedException)
        {
            return StepOutcome.Abandoned;
        }
        catch (ChunkStoreException exception) when (exception.Failure == ChunkStoreFailure.Transient)
        {
            logger.StepWaits(run.Video, exception.Message);
            return StepOutcome.Wait(exception.RetryAfter ?? DefaultWait, exception.Message, CauseOf(exception));
        }
        catch (ChunkStoreException exception)
            when (exception.Trouble is ChunkStoreTrouble.BadToken or ChunkStoreTrouble.NoRights or ChunkStoreTrouble.ChannelsFull)
        {
            logger.StepWaits(run.Video, exception.Message);
            return StepOutcome.Wait(MendingWait, exception.Message, CauseOf(exception));
        }
        catch (Staging.StagedBlobChangedException)
        {
            return StepOutcome.Failed(
                "The upload was replaced or removed while it was being ingested. If it was uploaded again, that upload is taken next."
            );
        }
        catch (StorageException exception)
        {
            logger.StepWaits(run.Video, exception.Message);
            return StepOutcome.Wait(DefaultWait, exception.Message, WaitCause.Storage);
        }
        catch (OutOfMemoryException exception)
        {
            logger.StepBroke(run.Video, exception);
            return StepOutcome.Failed(
                "The vault had too little memory for this file. The upload is kept: give the vault more, and ask for a retry."
            );
        }
        catch (VaultException exception)
        {
            return StepOutcome.Failed(exception.Message);
        }
        catch (Exception exception) when (StorageFailureOf(exception) is { } failure)
        {
            logger.StorageWaits(run.Video, failure.Status, failure.ErrorCode);
            return StepOutcome.Wait(DefaultWait, "Storage does not answer.", WaitCause.Storage);
        }
        catch (OperationCanceledException exception)
        {
            // Nobody stopped it, so a call ran out of its time.
            logger.StepWaits(run.Video, exception.Message);
            return StepOutcome.Wait(DefaultWait, "A call was not answered in time.");
        }
        catch (Exception exception)
        {
            logger.StepBroke(run.Video, exception);
            return StepOutcome.Failed(
                $"An unexpected error stopped the ingest ({exception.GetType().Name}); the log has it. The upload is kept: ask for a retry."
            );
        }
    }

    static WaitCause CauseOf(ChunkStoreException exception) =>
        exception.Trouble switch
        {
            ChunkStoreTrouble.FloodWait => WaitCause.FloodWait,
            ChunkStoreTrouble.Pace => WaitCause.Pace,
            ChunkStoreTrouble.Unreachable => WaitCause.TelegramUnreachable,
            ChunkStoreTrouble.BadToken => WaitCause.BotToken,
            ChunkStoreTrouble.NoRights => WaitCause.BotRights,
            _ => WaitCause.Other,
        };

    /// <summary>
    /// The failure by which storage says that it cannot answer now; null for any other. The client joins those of its tries into one
    /// exception.
    /// </summary>
    static Azure.RequestFailedException? StorageFailureOf(Exception exception) =>
        exception switch
        {
            Azure.RequestFailedException { Status: 0 or 408 or 429 or >= 500 } failure => failure,
            AggregateException { InnerExceptions: [.., var last] } => StorageFailureOf(last),
            _ => null,
        };
}
