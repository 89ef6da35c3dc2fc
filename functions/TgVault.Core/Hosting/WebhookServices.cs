using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Hosting;

/// <summary>How the parts that tell sites what happens to videos are put together.</summary>
static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, VaultFoundation foundation) =>
        services
            .AddSingleton(provider => new WebhookRing(
                foundation.Keys,
                foundation.Rows.Table(VaultTables.Vault),
                provider.GetRequiredService<WebhookSettings>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<IEventWishes>(provider => provider.GetRequiredService<WebhookRing>())
            .AddSingleton<WebhookClient>()
            .AddSingleton(provider => new Deliveries(
                foundation.Rows.Table(VaultTables.Vault),
                provider.GetRequiredService<WebhookRing>(),
                provider.GetRequiredService<WebhookClient>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<Deliveries>>()
            ))
            .AddSingleton<IEventTeller, EventTeller>()
            .AddSingleton(provider => new WebhookRound(
                provider.GetRequiredService<WebhookRing>(),
                provider.GetRequiredService<IEventTeller>(),
                provider.GetRequiredService<Deliveries>(),
                provider.GetRequiredService<TimeProvider>()
            ));
}
