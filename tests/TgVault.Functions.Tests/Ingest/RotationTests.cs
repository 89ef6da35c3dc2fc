using System.Collections.Immutable;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Rotation;
using TgVault.Functions.Ingest;
using TgVault.Functions.Upkeep;
using TgVault.Testing;

namespace TgVault.Functions.Tests.Ingest;

/// <summary>A timer goes on with a rotation of the master secret.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RotationTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 60_000)]
    public async Task A_timer_goes_on_until_nothing_is_left_and_manifests_are_posted_by_amendments()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", "some text"u8.ToArray());
        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();
        var before = (await bench.ShowAsync(id)).Manifests.Newest;
        var steps = new Queue<RotationStep>([RotationStep.Moved, RotationStep.Waits, RotationStep.Done, RotationStep.Moved]);
        var rotation = new Scripted(
            async (amend, cancellation) =>
            {
                if (steps.Count == 4)
                {
                    await bench.Library.ChangeAsync(
                        id,
                        video => video with { Manifests = video.Manifests with { IsStale = true } },
                        cancellation
                    );
                    await amend(id, cancellation);
                }

                return steps.Dequeue();
            }
        );
        var functions = new RotationFunctions(rotation, bench.Get<IngestInstances>(), bench.Get<TimeProvider>());

        await functions.RotateKeys(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        Assert.Equal([RotationStep.Moved], steps);
        var after = await bench.ShowAsync(id);
        Assert.False(after.NeedsAmending);
        Assert.NotEqual(before, after.Manifests.Newest);
        // The vault's own has nothing to do here, and says so.
        Assert.Equal(RotationStep.Done, await bench.Get<IKeyRotation>().StepAsync((_, _) => Task.CompletedTask, CancellationToken.None));
    }

    sealed class Scripted(Func<Func<VideoId, CancellationToken, Task>, CancellationToken, Task<RotationStep>> step) : IKeyRotation
    {
        public Task<RotationState?> FindAsync(CancellationToken cancellationToken) => Task.FromResult<RotationState?>(null);

        public Task<ImmutableArray<LeftDocument>> ListLeftAsync(int most, CancellationToken cancellationToken) =>
            Task.FromResult<ImmutableArray<LeftDocument>>([]);

        public Task<RotationStep> StepAsync(Func<VideoId, CancellationToken, Task> amend, CancellationToken cancellationToken) =>
            step(amend, cancellationToken);
    }
}
