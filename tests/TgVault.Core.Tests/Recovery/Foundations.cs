using TgVault.Core.Hosting;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Recovery;

/// <summary>The start of a vault as far as its keys.</summary>
static class Foundations
{
    public const string MasterSecret = "a master secret for tests, long enough";

    public static async Task OpenAsync(VaultSettings settings)
    {
        var foundation = await VaultFoundation.OpenAsync(settings, TimeProvider.System, CancellationToken.None);
        foundation.Keys.Dispose();
    }
}
