using System.Text;
using TgVault.Core.Rotation;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Rotation;

/// <summary>What the tests of rotated vaults share.</summary>
static class Vaults
{
    /// <summary>Rotates to the end, as an engine does.</summary>
    /// <param name="bench">The vault.</param>
    /// <param name="meanwhile">Runs after each step but the last.</param>
    public static async Task RotateAsync(IngestBench bench, Func<Task>? meanwhile = null)
    {
        var rotation = bench.Get<IKeyRotation>();
        var amendments = bench.Get<IAmendments>();
        while (
            await rotation.StepAsync((id, cancellation) => amendments.RunAsync(id, cancellation), CancellationToken.None) is var step
            && step != RotationStep.Done
        )
        {
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            if (step != RotationStep.Waits)
                continue;
            await foreach (var video in bench.Library.ListUnfinishedAsync(CancellationToken.None))
                await amendments.RunAsync(video.Id, CancellationToken.None);
        }
    }

    public static async Task AddCaptionsAsync(IngestBench bench, VideoId id)
    {
        var captions = new Companion
        {
            Kind = CompanionKind.Captions,
            Number = 0,
            Language = "en",
            Name = "English",
            ContentType = "text/vtt",
        };
        var content = new MemoryStream(Encoding.UTF8.GetBytes("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"));
        await bench.Get<ICompanionWishes>().AddAsync(id, captions, content, CancellationToken.None);
        await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
    }
}
