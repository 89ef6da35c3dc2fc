using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Chapters;
using TgVault.Core.Ffmpeg.Recoding;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Ingest.Rewriting;
using TgVault.Core.Library;
using TgVault.Core.Pictures;
using TgVault.Core.Settings;

namespace TgVault.Core.Ingest.Steps;

/// <summary>The steps of ingest and what they stand on, for the container.</summary>
static class StepServices
{
    /// <summary>What ingest consists of, without an engine that drives it.</summary>
    public static IServiceCollection AddIngestSteps(this IServiceCollection services, IngestSettings settings) =>
        services
            .AddSingleton<FfmpegTools>()
            .AddSingleton<MediaProbe>()
            .AddSingleton<ChapterProbe>()
            .AddSingleton<Remux>()
            .AddSingleton<SubtitleExtraction>()
            .AddSingleton(_ => new SealedBuffers(settings.Parallelism * settings.Videos))
            .AddSingleton<StoredChunks>()
            .AddSingleton<FfmpegPlaces>()
            .AddSingleton<RenditionEncoder>()
            .AddSingleton<PictureEncoder>()
            .AddSingleton<PictureTaker>()
            .AddSingleton<RemuxAttempts>()
            .AddSingleton<RemuxedFile>()
            .AddCompanionMakers()
            .AddSingleton<StepGuard>()
            .AddSingleton<UploadClaim>()
            .AddSingleton<PlannedChunks>()
            .AddSingleton<SendStep>()
            .AddSingleton<VerifyStep>()
            .AddSingleton<IIngestStep, InspectStep>()
            .AddSingleton<IIngestStep, PrepareStep>()
            .AddSingleton<IIngestStep, PlanStep>()
            .AddSingleton<IIngestStep>(provider => provider.GetRequiredService<SendStep>())
            .AddSingleton<IIngestStep>(provider => provider.GetRequiredService<VerifyStep>())
            .AddSingleton<IIngestStep, CommitStep>()
            .AddSingleton<IIngestStep, CleanUpStep>()
            .AddSingleton<IngestSteps>()
            .AddSingleton<IIngestSteps>(provider => provider.GetRequiredService<IngestSteps>());
}
