using TgVault.Cli.Chaos.Victims;
using TgVault.Cli.Local;
using TgVault.Core.Hosting;
using TgVault.Core.Settings;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>Looks into a vault that does not run, through the core.</summary>
sealed class StoppedVault(VictimPlace place)
{
    /// <summary>Asks the core.</summary>
    public async Task<T> AskAsync<T>(Func<IServiceProvider, Task<T>> ask, CancellationToken cancellationToken)
    {
        var result = default(T);
        var configured = new ConfigurationBuilder()
            .AddInMemoryCollection(
                place.VaultSettingsWithReplica.Select(pair =>
                    KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)
                )
            )
            .Build();
        await LocalVault.WithSettingsAsync(
            place.Data,
            configured,
            async settings =>
            {
                result = await WithServicesAsync(settings);
                return 0;
            },
            cancellationToken
        );
        return result!;

        async Task<T> WithServicesAsync(VaultSettings settings)
        {
            var foundation = await VaultFoundation.OpenExistingAsync(settings, TimeProvider.System, cancellationToken);
            var services = new ServiceCollection()
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
                .AddSingleton(TimeProvider.System)
                .AddVault(settings, foundation);
            await using var provider = services.BuildServiceProvider();
            return await ask(provider);
        }
    }
}
