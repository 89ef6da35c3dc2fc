using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Chunks;
using TgVault.Core.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telegram;
using TgVault.Testing;
using TgVault.WebTesting;

namespace TgVault.Web.Tests.Ingested;

/// <summary>
/// The vault of one machine as `tgvault serve` puts it together, over Azurite, ffmpeg and documents in memory.
/// Clips are uploaded the way a client does it, once each, and shared by all tests.
/// </summary>
public class IngestedVault : IAsyncLifetime
{
    // Two blocks, so that even small clips are several chunks.
    const int ChunkBytes = 128 << 10;

    static readonly TimeSpan LongestIngest = TimeSpan.FromSeconds(120);

    readonly AzuriteFixture _azurite = new();
    readonly ConcurrentDictionary<string, Lazy<Task<IngestedClip>>> _clips = new(StringComparer.Ordinal);

    VaultHost? _host;

    /// <summary>What the vault is set to besides.</summary>
    protected virtual VaultSettings Change(VaultSettings settings) => settings;

    /// <summary>The documents that were stored.</summary>
    internal MemoryChunkStore Store { get; } = new();

    public HttpClient Client => _host!.Client;

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        var settings = Change(
            _azurite.NewStorage() with
            {
                MasterSecret = "a master secret for tests, long enough",
                ApiKey = WebParts.ApiKey,
                Chunks = new ChunkSettings { Size = ChunkBytes },
                Uploads = new UploadSettings { WatchMilliseconds = 100 },
            }
        );
        var foundation = await VaultFoundation.OpenAsync(settings, TimeProvider.System, CancellationToken.None);
        // Documents are in memory: nobody calls it.
        var telegram = new TelegramSettings { Bots = [new BotSettings { Token = "111111:NoBotOfAnybody" }], Channels = [-1001] };
        _host = await VaultHost.StartAsync(
            services =>
                services
                    .AddSingleton(TimeProvider.System)
                    .AddVault(settings with { Telegram = telegram }, foundation)
                    .AddIngestRunner()
                    .AddSingleton<IChunkStore>(Store)
                    .AddSingleton<IDocumentForwarding>(Store)
                    .AddSingleton<IPinboard>(Store)
                    .AddSingleton<IDocumentMemory>(Store)
                    .AddSingleton<ITelegramStatus, NoTelegram>(),
            prepare: async services =>
            {
                await services.GetRequiredService<ILibrary>().PrepareAsync(CancellationToken.None);
                await services.GetRequiredService<LinkRegister>().PrepareAsync(CancellationToken.None);
                await services.GetRequiredService<IStaging>().PrepareAsync(CancellationToken.None);
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    /// <summary>A clip of <see cref="Mp4Clips"/>, stored.</summary>
    internal Task<IngestedClip> GetAsync(string clip) =>
        _clips.GetOrAdd(clip, name => new Lazy<Task<IngestedClip>>(async () => await StoreAsync(await Mp4Clips.PathAsync(name)))).Value;

    /// <summary>Uploads a file, waits until it is ready, and links to it.</summary>
    internal async Task<IngestedClip> StoreAsync(string path)
    {
        var announced = await ManageAsync("api/uploads", new { name = Path.GetFileName(path), size = new FileInfo(path).Length });
        await using (var file = File.OpenRead(path))
        {
            using var content = new StreamContent(file) { Headers = { { "x-ms-blob-type", "BlockBlob" } } };
            using var put = await Client.PutAsync(announced.GetProperty("uploadUrl").GetString(), content);
            put.EnsureSuccessStatusCode();
        }

        var id = announced.GetProperty("id").GetString()!;
        var video = await FollowAsync(id).WaitAsync(LongestIngest);
        Assert.Equal("ready", video.GetProperty("status").GetString());
        var link = await ManageAsync($"api/videos/{id}/links", new { });
        var root = new Uri(_host!.Address, $"v/{link.GetProperty("token").GetString()}/");
        var prepared = Mp4Clips.NewPath(".mp4");
        await using (var file = File.Create(prepared))
            await (await Client.GetStreamAsync(new Uri(root, "video.mp4"))).CopyToAsync(file);
        Assert.Equal(video.GetProperty("storedSize").GetInt64(), new FileInfo(prepared).Length);
        return (await IngestedClip.OpenAsync(path, prepared, video.GetProperty("decision").GetString()!, root, Client)) with
        {
            Id = id,
            View = video,
        };
    }

    async Task<JsonElement> FollowAsync(string id)
    {
        using var response = await SendAsync(HttpMethod.Get, $"api/videos/{id}/events", null);
        await using var events = await response.Content.ReadAsStreamAsync();
        return await SseParser
            .Create(events, (_, json) => JsonDocument.Parse(json.ToArray()).RootElement)
            .EnumerateAsync()
            .Select(item => item.Data)
            .LastAsync();
    }

    async Task<JsonElement> ManageAsync(string path, object body)
    {
        using var response = await SendAsync(HttpMethod.Post, path, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A request of the managing API; the body is sent as JSON unless it is content.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Headers = { { "X-Api-Key", WebParts.ApiKey } },
            Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)),
        };
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

/// <summary>One vault for all tests of what was ingested.</summary>
[CollectionDefinition(Name)]
public sealed class IngestedCollection : ICollectionFixture<IngestedVault>
{
    public const string Name = "Ingested";
}
