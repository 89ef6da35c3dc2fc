using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>One vault, one Chromium, and somebody else's site, for all tests of a class.</summary>
public class BrowserVault : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-browser-").FullName;
    readonly Chromium _chromium = new();

    VaultProcess? _vault;
    Site? _site;

    /// <summary>What the vault is set to besides: sites of tests are on this machine.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["TgVault__Webhooks__AllowPrivateAddresses"] = "true" };

    /// <summary>More options of `up`.</summary>
    protected virtual IReadOnlyList<string> Options { get; } = [];

    public VaultProcess Vault => _vault!;

    internal Site Site => _site!;

    public Chromium Chromium => _chromium;

    public virtual async Task InitializeAsync()
    {
        _vault = await VaultProcess.StartAsync(_folder, Environment, Options);
        _site = await Site.StartAsync();
        await _chromium.InitializeAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_site is not null)
            await _site.DisposeAsync();
        if (_vault is not null)
            await _vault.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
