using Microsoft.Extensions.DependencyInjection;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>Every maker of companions, in the order in which they run and in which their companions are numbered.</summary>
static class CompanionMakers
{
    public static IServiceCollection AddCompanionMakers(this IServiceCollection services) =>
        services
            .AddSingleton<ICompanionMaker, IndexMaker>()
            .AddSingleton<ICompanionMaker, SoundMaker>()
            .AddSingleton<ICompanionMaker, CaptionMaker>()
            .AddSingleton<ICompanionMaker, PictureMaker>()
            // Takes hours, so it comes last.
            .AddSingleton<ICompanionMaker, RenditionMaker>();
}
