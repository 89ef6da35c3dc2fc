using Azure;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Ingest;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Ingest;

public sealed class StepGuardTests
{
    static readonly IngestRun Run = new(VideoId.New(DateTimeOffset.UnixEpoch), 1);

    public static TheoryData<Exception, StepResult, string> Failures =>
        new()
        {
            { new ChunkStoreException(ChunkStoreFailure.Transient, "flood"), StepResult.Wait, "flood" },
            { new ChunkStoreException(ChunkStoreFailure.Permanent, "closed"), StepResult.Failed, "closed" },
            { new MediaException("no film"), StepResult.Failed, "no film" },
            { new AttemptAbandonedException(), StepResult.Abandoned, "taken over" },
            { new StagedBlobChangedException("blob"), StepResult.Failed, "replaced" },
            { new RequestFailedException(503, "busy"), StepResult.Wait, "does not answer" },
            { new RequestFailedException(0, "refused"), StepResult.Wait, "does not answer" },
            { new RequestFailedException(403, "forbidden"), StepResult.Failed, "RequestFailedException" },
            // What the storage client throws when all its tries failed, and when one took too long.
            {
                new AggregateException(new RequestFailedException(0, "refused"), new RequestFailedException(503, "busy")),
                StepResult.Wait,
                "does not answer"
            },
            { new AggregateException(new InvalidOperationException("bug")), StepResult.Failed, "AggregateException" },
            { new TaskCanceledException("too long"), StepResult.Wait, "in time" },
            { new InvalidOperationException("bug"), StepResult.Failed, "InvalidOperationException" },
        };

    [Theory(Timeout = 10_000)]
    [MemberData(nameof(Failures))]
    public async Task Whatever_a_step_throws_is_an_outcome(Exception thrown, StepResult result, string reason)
    {
        var guard = new StepGuard(NullLogger<StepGuard>.Instance);

        var outcome = await guard.RunAsync("step", Run, () => Task.FromException<StepOutcome>(thrown), CancellationToken.None);

        Assert.Equal(result, outcome.Result);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(result == StepResult.Wait, outcome.Delay > TimeSpan.Zero);
    }

    [Theory(Timeout = 10_000)]
    [InlineData(ChunkStoreFailure.Transient, nameof(ChunkStoreTrouble.FloodWait), WaitCause.FloodWait)]
    [InlineData(ChunkStoreFailure.Transient, nameof(ChunkStoreTrouble.Pace), WaitCause.Pace)]
    [InlineData(ChunkStoreFailure.Transient, nameof(ChunkStoreTrouble.Unreachable), WaitCause.TelegramUnreachable)]
    [InlineData(ChunkStoreFailure.Transient, nameof(ChunkStoreTrouble.Other), WaitCause.Other)]
    // Somebody has to mend a setting; the upload waits for that and does not fail.
    [InlineData(ChunkStoreFailure.Permanent, nameof(ChunkStoreTrouble.BadToken), WaitCause.BotToken)]
    [InlineData(ChunkStoreFailure.Permanent, nameof(ChunkStoreTrouble.NoRights), WaitCause.BotRights)]
    public async Task What_a_step_waits_for_is_told_apart(ChunkStoreFailure failure, string trouble, WaitCause cause)
    {
        var guard = new StepGuard(NullLogger<StepGuard>.Instance);
        var thrown = new ChunkStoreException(failure, "why") { Trouble = Enum.Parse<ChunkStoreTrouble>(trouble) };

        var outcome = await guard.RunAsync("step", Run, () => Task.FromException<StepOutcome>(thrown), CancellationToken.None);

        Assert.Equal((StepResult.Wait, cause, "why"), (outcome.Result, outcome.Cause, outcome.Reason));
        Assert.True(outcome.Delay > TimeSpan.Zero);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_full_disk_is_waited_for_as_storage()
    {
        var guard = new StepGuard(NullLogger<StepGuard>.Instance);

        var outcome = await guard.RunAsync(
            "step",
            Run,
            () => Task.FromException<StepOutcome>(new StorageException("The disk is full.")),
            CancellationToken.None
        );

        Assert.Equal((StepResult.Wait, WaitCause.Storage), (outcome.Result, outcome.Cause));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_wait_is_as_long_as_the_store_says()
    {
        var guard = new StepGuard(NullLogger<StepGuard>.Instance);
        var flood = new ChunkStoreException(ChunkStoreFailure.Transient, "flood", TimeSpan.FromHours(1));

        var outcome = await guard.RunAsync("step", Run, () => Task.FromException<StepOutcome>(flood), CancellationToken.None);

        Assert.Equal(TimeSpan.FromHours(1), outcome.Delay);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_step_that_is_stopped_says_so()
    {
        var guard = new StepGuard(NullLogger<StepGuard>.Instance);
        var stopped = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            guard.RunAsync("step", Run, () => Task.FromCanceled<StepOutcome>(stopped), stopped)
        );
    }
}
