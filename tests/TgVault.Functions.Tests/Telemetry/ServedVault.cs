using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Core;
using TgVault.Core.Chunks;
using TgVault.Core.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Testing;
using TgVault.Web;
using TgVault.Web.Telemetry;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>
/// A vault put together as `tgvault serve` does, that sends telemetry and lives a short life with everything in it:
/// uploads, faults, playback by every route, failures, a removal. Tests look at what it sent.
/// </summary>
public sealed class ServedVault(AzuriteFixture azurite) : IAsyncLifetime, IDisposable
{
    const string Token = "222222:AABotTokenOfTheServedVault";
    const long Channel = -1002000000002;
    const string MasterSecret = "the master secret of the served vault";
    const string ApiKey = "the api key of the served vault, long enough";
    const string Name = "grandmother-sings-7F3A.mp4";
    const string UnannouncedName = "grandfather-unannounced-88E1.mp4";
    const string Folder = "folder-of-the-family-9C1";
    const string Tag = "tag-of-the-family-5D2";
    const string Description = "description-of-the-family-2B4";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-telemetry-").FullName;
    readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { Timeout = Limit };

    internal Collected Collected { get; } = new();

    internal TelemetryReceiver Receiver { get; private set; } = null!;

    internal Counters Telegram { get; private set; } = null!;

    /// <summary>What nobody may see, by what it is.</summary>
    internal Dictionary<string, string> Secrets { get; } =
        new()
        {
            ["master secret"] = MasterSecret,
            ["API key"] = ApiKey,
            ["bot token"] = Token,
            ["bot token's secret part"] = Token.Split(':')[1],
            ["name"] = Name,
            ["name of an unannounced upload"] = UnannouncedName,
            ["folder"] = Folder,
            ["tag"] = Tag,
            ["description"] = Description,
        };

    internal VideoId Video { get; private set; }

    /// <summary>What was stored of each video that became ready: its file and what lies beside it.</summary>
    internal Dictionary<VideoId, ImmutableArray<ChunkPlan>> Stored { get; } = [];

    internal long StoredBytes => Stored[Video][0].LengthBytes;

    /// <summary>Bytes that clients were given, by route.</summary>
    internal Dictionary<string, long> Given { get; } = [];

    /// <summary>Requests whose answer was read, by route and status.</summary>
    internal Dictionary<(string Route, int Status), int> Answers { get; } = [];

    public async Task InitializeAsync()
    {
        Receiver = await TelemetryReceiver.StartAsync();
        var options = new BotApiOptions
        {
            DataDirectory = _folder,
            Tokens = [Token],
            Channels = [Channel],
        };
        await using var telegram = await BotApiServer.StartAsync(options, CancellationToken.None);
        Telegram = telegram.Counters;
        await using var app = await StartAsync(telegram.Url);
        _http.BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        await StoreAsync(app.Services, telegram);
        await PlayAsync(telegram);
        await FailAsync();
        await StoreUnannouncedAsync(app.Services, telegram);
        await RemoveAsync();
        await app.StopAsync();
        Collected.Flush(app.Services);
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync()
    {
        if (Receiver is not null)
            await Receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    async Task<WebApplication> StartAsync(string telegram)
    {
        var settings = azurite.NewStorage() with
        {
            MasterSecret = MasterSecret,
            ApiKey = ApiKey,
            Chunks = new ChunkSettings { Size = 65536 },
            Uploads = new UploadSettings { WatchMilliseconds = 50, AdoptUnannounced = true },
            Ffmpeg = new FfmpegSettings { TemporaryFolder = _folder },
            Telegram = new TelegramSettings
            {
                BaseUrl = telegram,
                Bots = [new BotSettings { Token = Token }],
                Channels = [Channel],
                // Slow enough that chunks sent side by side wait for each other on a busy machine too.
                MessagesPerMinute = 600,
                LongestWaitInPlaceSeconds = 1,
                Attempts = 2,
            },
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(Receiver.Otlp);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder
            .Services.AddRoutingCore()
            .AddSingleton(TimeProvider.System)
            .AddVault(settings, await VaultFoundation.OpenAsync(settings, TimeProvider.System, CancellationToken.None))
            .AddIngestRunner()
            .AddVaultWeb()
            .AddVaultTelemetry(builder.Configuration, Collected.AddTo);
        var app = builder.Build();
        app.MapVault();
        await app.Services.PrepareVaultAsync(CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    /// <summary>An upload whose sending meets a flood wait to sit out, one for the workflow, one in the shape of a 400, and a server
    /// error.</summary>
    async Task StoreAsync(IServiceProvider services, BotApiServer telegram)
    {
        telegram.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequests,
                Method = "sendDocument",
                Times = 1,
                RetryAfterSeconds = 1,
            }
        );
        telegram.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequests,
                Method = "sendDocument",
                Times = 1,
                RetryAfterSeconds = 2,
            }
        );
        telegram.Faults.Add(
            new Fault
            {
                Kind = FaultKind.TooManyRequestsAs400,
                Method = "sendDocument",
                Times = 1,
                RetryAfterSeconds = 1,
            }
        );
        telegram.Faults.Next(FaultKind.ServerError, "getFile");
        var content = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac.mp4"));
        var upload = await UploadAsync(Name, content, content.Length);
        Video = VideoId.Parse(upload.GetProperty("id").GetString()!);
        await UntilAsync(Video, "ready");
        await NoteAsync(services, Video);
    }

    async Task PlayAsync(BotApiServer telegram)
    {
        var link = await LinkAsync(Video);
        // Before anything is in memory, and with nothing to read ahead: both attempts of one fetch fail, so the viewer is held.
        telegram.Faults.Next(FaultKind.ServerError, "file", times: 2);
        await GetAsync("/v/{link}/video.mp4", $"/v/{link}/video.mp4", range: (0, 999));
        await GetAsync("/v/{link}/video.mp4", $"/v/{link}/video.mp4");
        await GetAsync("/v/{link}/video.mp4", $"/v/{link}/video.mp4", range: (1000, 70_000));
        await GetAsync("/v/{link}/video.mp4", $"/v/{link}/video.mp4", HttpMethod.Head);
        await GetAsync("/v/{link}/video.mp4", $"/v/{link}/video.mp4", HttpMethod.Options);
        await GetAsync("/v/{link}/video.mp4", "/v/eyJ-no-link-at-all/video.mp4");
        await GetAsync("/v/{link}/hls/master.m3u8", $"/v/{link}/hls/master.m3u8");
        foreach (var file in new[] { "media.m3u8", "pictures.m3u8", "init.mp4", "0.m4s", "p0.m4s", "no-such-segment" })
            await GetAsync("/v/{link}/hls/{track}/{file}", $"/v/{link}/hls/0/{file}");
        await GetAsync("/v/{link}/dash/manifest.mpd", $"/v/{link}/dash/manifest.mpd");
        await GetAsync("/v/{link}/fragmented.mp4", $"/v/{link}/fragmented.mp4");
        await GetAsync("/api/stream", $"/api/stream?file_id={Video}&link={link}");
        await GetAsync("/api/stream", $"/api/stream?file_id={Video}", withKey: true);
        await GetAsync("/api/videos", $"/api/videos?folder={Folder}&tag={Tag}", withKey: true);
        await GetAsync("/api/videos", "/api/videos");
        await GetAsync("/api/health", "/api/health");
        await GetAsync("/api/openapi.json", "/api/openapi.json");
        await GetAsync("/", "/");
    }

    async Task FailAsync()
    {
        var upload = await UploadAsync(Name, [1, 2, 3], size: 4);
        await UntilAsync(VideoId.Parse(upload.GetProperty("id").GetString()!), "failed");
    }

    /// <summary>Somebody who has the account puts a file in; then what is stored of it is damaged, and a viewer cut off.</summary>
    async Task StoreUnannouncedAsync(IServiceProvider services, BotApiServer telegram)
    {
        var account = services.GetRequiredService<StorageAccount>();
        var blob = account.Blobs.GetBlobContainerClient(account.Prefix + "staging").GetBlobClient(UnannouncedName);
        await blob.UploadAsync(BinaryData.FromBytes(await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"))));
        var video = await UntilAsync(() =>
            ListedAsync(listed =>
                listed.GetProperty("name").GetString() == UnannouncedName && listed.GetProperty("status").GetString() == "ready"
            )
        );
        var id = VideoId.Parse(video.GetProperty("id").GetString()!);
        await NoteAsync(services, id);
        var link = await LinkAsync(id);
        // Once it would be looked at again.
        telegram.Faults.Next(FaultKind.FlippedBit, "file");
        telegram.Faults.Next(FaultKind.FlippedBit, "file");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _http.GetByteArrayAsync(new Uri($"/v/{link}/video.mp4", UriKind.Relative)));
    }

    async Task NoteAsync(IServiceProvider services, VideoId id)
    {
        var row = (await services.GetRequiredService<ILibrary>().FindAsync(id, CancellationToken.None))!;
        Stored[id] = [row.Files.Plan!, .. row.Files.Companions.Select(companion => companion.Plan).OfType<ChunkPlan>()];
    }

    async Task RemoveAsync()
    {
        await SendAsync(HttpMethod.Delete, $"/api/videos/{Video}?permanent=true", null, withKey: true);
        await UntilAsync(async () =>
            await ListedAsync(listed => listed.GetProperty("id").GetString() == Video.ToString()) is null ? default(JsonElement) : null
        );
    }

    async Task<JsonElement> UploadAsync(string name, byte[] content, long size)
    {
        using var announced = await SendAsync(
            HttpMethod.Post,
            "/api/uploads",
            new
            {
                name,
                size,
                contentType = "video/mp4",
                folder = Folder,
                tags = new[] { Tag },
                description = Description,
            },
            withKey: true
        );
        var upload = await announced.Content.ReadFromJsonAsync<JsonElement>();
        var url = new Uri(upload.GetProperty("uploadUrl").GetString()!);
        var signature = HttpUtility.ParseQueryString(url.Query)["sig"]!;
        Secrets[$"signature of upload URL {Secrets.Count}"] = signature;
        Secrets[$"signature of upload URL {Secrets.Count}, escaped"] = Uri.EscapeDataString(signature);
        using var put = new HttpRequestMessage(HttpMethod.Put, url)
        {
            Content = new ByteArrayContent(content),
            Headers = { { "x-ms-blob-type", "BlockBlob" } },
        };
        (await _http.SendAsync(put)).EnsureSuccessStatusCode();
        return upload;
    }

    async Task<string> LinkAsync(VideoId video)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/api/videos/{video}/links", new { }, withKey: true);
        var link = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        Secrets[$"link {Secrets.Count}"] = link;
        Secrets[$"signature of link {Secrets.Count}"] = link.Split('.')[2];
        return link;
    }

    async Task GetAsync(string route, string path, HttpMethod? method = null, (long From, long To)? range = null, bool withKey = false)
    {
        using var answer = await SendAsync(method ?? HttpMethod.Get, path, null, withKey, range);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var key = (route, (int)answer.StatusCode);
        Answers[key] = Answers.GetValueOrDefault(key) + 1;
        if (answer.IsSuccessStatusCode)
            Given[route] = Given.GetValueOrDefault(route) + bytes.Length;
    }

    async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        object? body,
        bool withKey,
        (long From, long To)? range = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (withKey)
            request.Headers.Add("X-Api-Key", ApiKey);
        if (range is var (from, to))
            request.Headers.Range = new RangeHeaderValue(from, to);
        return await _http.SendAsync(request);
    }

    Task<JsonElement> UntilAsync(VideoId video, string status) =>
        UntilAsync(() =>
            ListedAsync(listed =>
                listed.GetProperty("id").GetString() == video.ToString() && listed.GetProperty("status").GetString() == status
            )
        );

    async Task<JsonElement?> ListedAsync(Func<JsonElement, bool> isIt)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/videos", null, withKey: true);
        var list = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("videos").EnumerateArray().Where(isIt).ToList();
        return list.Count > 0 ? list[0] : null;
    }

    static async Task<JsonElement> UntilAsync(Func<Task<JsonElement?>> look)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (await look() is { } found)
                return found;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
