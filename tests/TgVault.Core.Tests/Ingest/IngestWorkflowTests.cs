using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Ingest;

public sealed class IngestWorkflowTests
{
    static readonly IngestRequest Request = new("blob", "etag");

    [Fact(Timeout = 10_000)]
    public async Task Steps_run_in_order_and_every_chunk_is_sent_and_verified_once()
    {
        var engine = new ScriptedEngine { Chunks = 5, Parallelism = 2 };

        var outcome = await IngestWorkflow.RunAsync(Request, engine);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(
            [
                "claim",
                "inspect",
                "prepare",
                "plan",
                "send 0",
                "send 1",
                "send 2",
                "send 3",
                "send 4",
                "verify 0",
                "verify 1",
                "verify 2",
                "verify 3",
                "verify 4",
                "commit",
                "cleanup",
            ],
            engine.Calls
        );
    }

    [Fact(Timeout = 10_000)]
    public async Task Never_more_chunks_are_under_way_than_planned()
    {
        var engine = new ScriptedEngine
        {
            Chunks = 40,
            Parallelism = 3,
            HoldSends = true,
        };
        var run = IngestWorkflow.RunAsync(Request, engine);
        while (!run.IsCompleted)
        {
            Assert.InRange(engine.Held, 0, 3);
            if (!engine.ReleaseOne())
                break;
        }

        Assert.Equal(StepResult.Done, (await run).Result);
        Assert.Equal(3, engine.MostHeld);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_step_that_waits_is_asked_again_after_its_delay()
    {
        var engine = new ScriptedEngine { Chunks = 2, Parallelism = 1 };
        engine.Answers["send 1"] = new([
            StepOutcome.Wait(TimeSpan.FromHours(1), "flood"),
            StepOutcome.Wait(TimeSpan.FromSeconds(7), "flood"),
        ]);

        var outcome = await IngestWorkflow.RunAsync(Request, engine);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(3, engine.Calls.Count(call => call == "send 1"));
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromSeconds(7)], engine.Delays);
    }

    [Theory(Timeout = 10_000)]
    [InlineData("inspect")]
    [InlineData("prepare")]
    [InlineData("send 1")]
    [InlineData("verify 1")]
    [InlineData("commit")]
    public async Task A_step_that_fails_ends_the_run_with_its_reason(string step)
    {
        var engine = new ScriptedEngine { Chunks = 3, Parallelism = 1 };
        engine.Answers[step] = new([StepOutcome.Failed("because")]);

        var outcome = await IngestWorkflow.RunAsync(Request, engine);

        Assert.Equal(new IngestOutcome(StepResult.Failed, "because"), outcome);
        Assert.Equal(["because"], engine.Failures);
        Assert.Equal(step, engine.Calls[^1]);
        Assert.DoesNotContain("cleanup", engine.Calls);
    }

    [Fact(Timeout = 10_000)]
    public async Task After_a_failed_chunk_those_under_way_are_waited_for_and_no_new_ones_begin()
    {
        var engine = new ScriptedEngine
        {
            Chunks = 10,
            Parallelism = 3,
            HoldSends = true,
        };
        engine.Answers["send 0"] = new([StepOutcome.Failed("because")]);
        var run = IngestWorkflow.RunAsync(Request, engine);
        while (!run.IsCompleted && engine.ReleaseOne()) { }

        Assert.Equal(StepResult.Failed, (await run).Result);
        Assert.Equal(["send 0", "send 1", "send 2"], engine.Calls.Where(call => call.StartsWith("send", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_run_that_breaks_leaves_no_chunk_under_way()
    {
        var engine = new ScriptedEngine
        {
            Chunks = 10,
            Parallelism = 3,
            HoldSends = true,
            BreaksAt = 1,
        };
        var run = IngestWorkflow.RunAsync(Request, engine);
        engine.ReleaseOne();

        // The first chunk was reported, which broke; the two others are still held.
        Assert.False(run.IsCompleted);
        while (engine.ReleaseOne()) { }

        await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        Assert.Equal(["send 0", "send 1", "send 2"], engine.Calls.Where(call => call.StartsWith("send", StringComparison.Ordinal)));
        Assert.Empty(engine.Failures);
    }

    [Fact(Timeout = 10_000)]
    public async Task An_abandoned_attempt_records_no_failure()
    {
        var engine = new ScriptedEngine { Chunks = 3, Parallelism = 1 };
        engine.Answers["send 1"] = new([StepOutcome.Abandoned]);

        var outcome = await IngestWorkflow.RunAsync(Request, engine);

        Assert.Equal(StepResult.Abandoned, outcome.Result);
        Assert.Empty(engine.Failures);
        Assert.DoesNotContain("commit", engine.Calls);
    }

    [Fact(Timeout = 10_000)]
    public async Task With_nothing_to_claim_nothing_runs()
    {
        var engine = new ScriptedEngine { Claim = new ClaimOutcome(null, "ready already") };

        Assert.Equal(StepResult.Abandoned, (await IngestWorkflow.RunAsync(Request, engine)).Result);
        Assert.Equal(["claim"], engine.Calls);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_committed_video_is_only_cleaned_up()
    {
        var engine = new ScriptedEngine();
        engine.Claim = engine.Claim with { Committed = true };

        Assert.Equal(StepResult.Done, (await IngestWorkflow.RunAsync(Request, engine)).Result);
        Assert.Equal(["claim", "cleanup"], engine.Calls);
    }

    /// <summary>An engine whose steps answer as a test says.</summary>
    sealed class ScriptedEngine : IIngestEngine
    {
        readonly Queue<TaskCompletionSource> _held = new();

        public ClaimOutcome Claim { get; set; } = new(new IngestRun(VideoId.New(DateTimeOffset.UnixEpoch), 1), "begun");

        public int Chunks { get; init; } = 1;

        public int Parallelism { get; init; } = 1;

        public bool HoldSends { get; init; }

        /// <summary>Reporting so many chunks breaks; null: none.</summary>
        public int? BreaksAt { get; init; }

        public Dictionary<string, Queue<StepOutcome>> Answers { get; } = [];

        public List<string> Calls { get; } = [];

        public List<TimeSpan> Delays { get; } = [];

        public List<string> Failures { get; } = [];

        public int Held => _held.Count;

        public int MostHeld { get; private set; }

        /// <summary>Lets the oldest held call go on, which runs the workflow up to its next wait; false where none is held.</summary>
        public bool ReleaseOne()
        {
            if (!_held.TryDequeue(out var held))
                return false;
            held.SetResult();
            return true;
        }

        public Task<ClaimOutcome> ClaimAsync(IngestRequest request)
        {
            Calls.Add("claim");
            return Task.FromResult(Claim);
        }

        public async Task<StepOutcome> RunAsync(StepRow row, IngestRun run, int ordinal)
        {
            var answer = Answer(row.Scope == StepScope.Chunk ? $"{row.Name} {ordinal}" : row.Name);
            if (row.Step == IngestStep.Send && HoldSends)
            {
                // Continuations run inside ReleaseOne, so the test and the workflow take turns on one thread.
                var held = new TaskCompletionSource();
                _held.Enqueue(held);
                MostHeld = Math.Max(MostHeld, _held.Count);
                await held.Task;
            }

            var outcome = await answer;
            return row.Step == IngestStep.Plan && outcome == StepOutcome.Done ? StepOutcome.Planned(Chunks, Parallelism) : outcome;
        }

        public Task FailAsync(IngestRun run, string reason)
        {
            Failures.Add(reason);
            return Task.CompletedTask;
        }

        public Task ReportAsync(IngestRun run, IngestStage stage, int chunksDone) =>
            chunksDone == BreaksAt ? throw new InvalidOperationException("broken") : Task.CompletedTask;

        public Task DelayAsync(TimeSpan delay)
        {
            Delays.Add(delay);
            return Task.CompletedTask;
        }

        Task<StepOutcome> Answer(string call)
        {
            Calls.Add(call);
            return Task.FromResult(
                Answers.TryGetValue(call, out var answers) && answers.TryDequeue(out var answer) ? answer : StepOutcome.Done
            );
        }
    }
}
