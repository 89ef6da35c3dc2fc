using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Testing;

namespace TgVault.Core.Tests.Webhooks;

/// <summary>A library with webhooks over rows in memory, and a site that they lead to.</summary>
sealed class WebhookBench : IAsyncDisposable
{
    KeyRing _keys = new([VaultKey.FromBytes(1, new byte[32])]);
    WebhookClient _client = null!;

    public WebhookBench()
    {
        Rows = new BreakingRows(new MemoryRowStore(Time));
        Restart();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 29, 11, 0, 0, TimeSpan.Zero));

    public BreakingRows Rows { get; }

    public HookSite Site { get; } = new();

    public WebhookRing Ring { get; private set; } = null!;

    public Deliveries Deliveries { get; private set; } = null!;

    public TableLibrary Library { get; private set; } = null!;

    public EventTeller Teller { get; private set; } = null!;

    /// <summary>Another process on the same rows: nothing is remembered.</summary>
    public void Restart()
    {
        var settings = new WebhookSettings { AllowPrivateAddresses = true };
        var table = Rows.Table(VaultTables.Vault);
        Ring?.Dispose();
        _client?.Dispose();
        Ring = new WebhookRing(_keys, table, settings, Time);
        _client = new WebhookClient(settings, Time);
        Deliveries = new Deliveries(table, Ring, _client, Time, NullLogger<Deliveries>.Instance);
        Library = new TableLibrary(Rows, Time, NullLogger<TableLibrary>.Instance, Ring);
        Teller = new EventTeller(Library, Ring, Deliveries, new NamedVideo(), NullLogger<EventTeller>.Instance);
    }

    /// <summary>The vault with another master secret, once its rotation is over.</summary>
    public void RotateMasterSecret()
    {
        _keys.Dispose();
        _keys = new KeyRing([VaultKey.FromBytes(2, [.. Enumerable.Repeat((byte)2, 32)])]);
        Restart();
    }

    public async Task<Webhook> MakeAsync(params LifeEventKind[] kinds) =>
        (await Ring.MakeAsync(Site.Url, kinds, "site", CancellationToken.None)).Webhook;

    public Video New() =>
        new()
        {
            Id = VideoId.New(Time.GetUtcNow()),
            Details = new VideoDetails { Name = "film.mp4" },
            Upload = new VideoUpload(),
            Life = VideoLife.Announced,
            Updated = Time.GetUtcNow(),
        };

    public async Task<Video> AddAsync()
    {
        var video = New();
        Assert.True(await Library.TryAddAsync(video, CancellationToken.None));
        return video;
    }

    public async Task SetAsync(Video video, VideoStatus status) =>
        Assert.NotNull(
            await Library.ChangeAsync(
                video.Id,
                current => current with { Life = current.Life.With(status: status) },
                CancellationToken.None
            )
        );

    /// <summary>What an engine does at one look.</summary>
    public async Task LookAsync()
    {
        await Teller.TellAllAsync(CancellationToken.None);
        foreach (var webhook in await Ring.ListAsync(CancellationToken.None))
            await Deliveries.SendDueAsync(webhook.Id, DateTimeOffset.MaxValue, CancellationToken.None);
    }

    public async Task<Delivery> OnlyAsync(Webhook webhook) =>
        Assert.Single(await Deliveries.ListAsync(webhook, 10, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        Ring.Dispose();
        _client.Dispose();
        _keys.Dispose();
    }
}
