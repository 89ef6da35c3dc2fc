using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Functions.Ingest;

namespace TgVault.Functions;

/// <summary>The engine for ingest in Azure, as <c>AddIngestRunner</c> is the one of a single machine.</summary>
static class DurableVault
{
    public static IServiceCollection AddDurableIngest(this IServiceCollection services) =>
        services.AddSingleton<BoundClient>().AddSingleton<IngestInstances>().AddSingleton<IIngestScheduler, DurableIngestScheduler>();

    /// <summary>Makes tables and containers where they are missing, and removes what a worker that was killed left in the temporary folder: the host starts another on the same small disk.</summary>
    public static async Task PrepareVaultAsync(this IServiceProvider services)
    {
        await services.GetRequiredService<ILibrary>().PrepareAsync(CancellationToken.None);
        await services.GetRequiredService<IStaging>().PrepareAsync(CancellationToken.None);
        TemporaryFile.Sweep(services.GetRequiredService<FfmpegTools>().TemporaryFolder);
    }
}
