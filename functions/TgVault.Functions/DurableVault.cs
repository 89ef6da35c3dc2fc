using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Engine;
using TgVault.Functions.Ingest;

namespace TgVault.Functions;

/// <summary>The engine for ingest in Azure, as <c>AddIngestRunner</c> is the one of a single machine.</summary>
static class DurableVault
{
    public static IServiceCollection AddDurableIngest(this IServiceCollection services) =>
        services.AddSingleton<BoundClient>().AddSingleton<IngestInstances>().AddSingleton<IIngestScheduler, DurableIngestScheduler>();
}
