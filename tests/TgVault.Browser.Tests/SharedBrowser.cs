using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>One vault and one Chromium for all classes of tests that run at the same time; the last one that leaves ends them.</summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    static readonly SemaphoreSlim Gate = new(1);
    static BrowserVault? _running;
    static int _users;

    BrowserVault? _browser;

    public VaultProcess Vault => _browser!.Vault;

    internal Site Site => _browser!.Site;

    public Chromium Chromium => _browser!.Chromium;

    public async Task InitializeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_running is null)
            {
                var starting = new BrowserVault();
                await starting.InitializeAsync();
                _running = starting;
            }

            _browser = _running;
            _users++;
        }
        finally
        {
            Gate.Release();
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is null)
            return;
        await Gate.WaitAsync();
        try
        {
            if (--_users > 0)
                return;
            _running = null;
            await _browser.DisposeAsync();
        }
        finally
        {
            Gate.Release();
        }
    }
}
