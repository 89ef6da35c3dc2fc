using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using TgVault.Core.Engine;
using TgVault.Core.Ingest;
using TgVault.Core.Telemetry;
using TgVault.Core.Tests.Engine;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest;

/// <summary>
/// What a new step takes: docs/map.md lists the files. Here it is a value that only this test knows, its row and its class.
/// </summary>
public sealed class NewStepTests
{
    const IngestStep Dummy = (IngestStep)100;

    [Theory(Timeout = 30_000)]
    [InlineData(StepScope.Video, IngestStage.Preparing, 1)]
    [InlineData(StepScope.Chunk, IngestStage.Verifying, 3)]
    public async Task A_step_runs_in_its_place_and_is_a_span_and_a_metric_of_its_name(StepScope scope, IngestStage stage, int times)
    {
        var seen = new ConcurrentQueue<IngestStage>();
        RunnerBench? running = null;
        var step = new ScriptedStep(
            Dummy,
            (run, _, _) =>
            {
                seen.Enqueue(running!.Library.Show(run.Video)!.Life.Stage);
                return Task.FromResult(StepOutcome.Done);
            },
            new Signal()
        );
        await using var bench = new RunnerBench(parallelism: 1, more: [step]);
        running = bench;
        var id = await bench.UploadAsync(chunks: 3);
        var name = $"dummy{scope}";
        var before = scope == StepScope.Video ? IngestStep.Plan : IngestStep.Commit;
        var place = IngestOrder.Steps.IndexOf(IngestOrder.RowOf(before));
        var order = IngestOrder.Steps.Insert(place, new StepRow(Dummy, name, stage, scope));
        using var measured = new Measured(id, name);

        var outcome = await RunAsync(bench, id, order);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(Enumerable.Repeat(stage, times), seen);
        Assert.Equal(
            order.SelectMany(row => Enumerable.Repeat($"ingest {row.Name}", row.Scope == StepScope.Chunk ? 3 : 1)),
            measured.Spans
        );
        Assert.Equal(Enumerable.Repeat("done", times), measured.Outcomes);
    }

    [Fact]
    public void Every_step_has_one_row_one_class_and_one_registration()
    {
        var core = Path.Combine(RepositoryFolders.Root(), "functions", "TgVault.Core");
        var registrations = File.ReadAllText(Path.Combine(core, "Ingest", "Steps", "StepServices.cs"));

        Assert.Equal(Enum.GetValues<IngestStep>(), IngestOrder.Steps.Select(row => row.Step).Order());
        Assert.Equal(IngestOrder.Steps.Length, IngestOrder.Steps.Select(row => row.Name).Distinct().Count());
        Assert.All(
            IngestOrder.Steps,
            row =>
            {
                Assert.True(File.Exists(Path.Combine(core, "Ingest", "Steps", $"{row.Step}Step.cs")), $"{row.Step}Step.cs");
                Assert.Contains($"{row.Step}Step>", registrations, StringComparison.Ordinal);
            }
        );
    }

    static async Task<IngestOutcome> RunAsync(RunnerBench bench, VideoId id, ImmutableArray<StepRow> order)
    {
        var upload = await bench.Staging.FindAsync(StagingArea.Uploads, id.ToString(), CancellationToken.None);
        using var places = new WorkPlaces(bench.Settings.Ingest, TimeProvider.System);
        var signals = new WorkSignals(new TaskCompletionSource().Task, CancellationToken.None);
        await using var engine = new DirectEngine(bench.Steps, places, signals, bench.Time);
        return await IngestWorkflow.RunAsync(new IngestRequest(upload!.Name, upload.ETag), engine, order);
    }

    /// <summary>The spans of one video, and how the step of one name ended, by its metric.</summary>
    sealed class Measured : IDisposable
    {
        readonly ActivityListener _spans;
        readonly MeterListener _metrics = new();

        public Measured(VideoId id, string step)
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = source => source.Name == VaultTrace.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    if (activity.GetTagItem(VaultTags.Video) as string == id.ToString())
                        Spans.Enqueue(activity.DisplayName);
                },
            };
            ActivitySource.AddActivityListener(_spans);
            _metrics.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "tgvault.ingest.step.duration")
                    listener.EnableMeasurementEvents(instrument);
            };
            _metrics.SetMeasurementEventCallback<double>(
                (_, _, tags, _) =>
                {
                    var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
                    if (all[VaultTags.Step] == step)
                        Outcomes.Enqueue(all[VaultTags.Outcome]!);
                }
            );
            _metrics.Start();
        }

        public ConcurrentQueue<string> Spans { get; } = new();

        public ConcurrentQueue<string> Outcomes { get; } = new();

        public void Dispose()
        {
            _spans.Dispose();
            _metrics.Dispose();
        }
    }
}
