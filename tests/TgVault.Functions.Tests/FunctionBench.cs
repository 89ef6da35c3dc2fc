using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Core;
using TgVault.Core.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Storage;
using TgVault.Core.Videos;
using TgVault.Functions.Http;
using TgVault.Functions.Ingest;
using TgVault.Functions.Tests.Durable;
using TgVault.Functions.Upkeep;
using TgVault.Testing;
using TgVault.Testing.Playback;
using TgVault.Web;

namespace TgVault.Functions.Tests;

/// <summary>The function app put together as its Program does, over Azurite and the Bot API stand-in, with a task hub in memory.</summary>
sealed class FunctionBench : IAsyncDisposable
{
    public const string Token = "111111:AABotTokenThatNobodyMaySee";
    const long Channel = -1001000000001;

    readonly ServiceProvider _provider;
    readonly BotApiServer _telegram;
    readonly string _folder;

    FunctionBench(ServiceProvider provider, BotApiServer telegram, string folder, JumpingTime time)
    {
        (_provider, _telegram, _folder) = (provider, telegram, folder);
        Hub = new MemoryHub(new FunctionCalls(provider), time);
    }

    public MemoryHub Hub { get; }

    public ILibrary Library => Get<ILibrary>();

    public IStaging Staging => Get<IStaging>();

    public VaultSettings Settings => Get<VaultSettings>();

    /// <summary>Documents that have not been deleted.</summary>
    public int Documents => _telegram.Documents.Count(document => !document.IsDeleted);

    public static async Task<FunctionBench> OpenAsync(
        AzuriteFixture azurite,
        int parallelism = 4,
        Action<IServiceCollection>? register = null
    )
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-functions-").FullName;
        var telegram = await BotApiServer.StartAsync(
            new BotApiOptions
            {
                DataDirectory = folder,
                Tokens = [Token],
                Channels = [Channel],
            },
            CancellationToken.None
        );
        var settings = azurite.NewStorage() with
        {
            MasterSecret = "a master secret for tests, long enough",
            ApiKey = "an api key for tests that is long enough",
            Chunks = new ChunkSettings { Size = 65536 },
            Ingest = new IngestSettings { Parallelism = parallelism },
            Telegram = new TelegramSettings
            {
                BaseUrl = telegram.Url,
                Bots = [new BotSettings { Token = Token }],
                Channels = [Channel],
                MessagesPerMinute = 0,
                LongestWaitInPlaceSeconds = 0,
                Attempts = 2,
            },
            // Sites of tests are on this machine.
            Webhooks = new WebhookSettings { AllowPrivateAddresses = true },
            Ffmpeg = new FfmpegSettings { TemporaryFolder = Directory.CreateDirectory(Path.Combine(folder, "temporary")).FullName },
        };
        var time = new JumpingTime();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(time)
            .AddVault(settings, await VaultFoundation.OpenAsync(settings, time, CancellationToken.None))
            .AddDurableIngest()
            .AddVaultWeb()
            .AddSingleton<HttpFunction>()
            // The web host of the worker brings these.
            .AddSingleton<IHostApplicationLifetime>(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance))
            .AddSingleton(new DiagnosticListener("Microsoft.AspNetCore"));
        register?.Invoke(services);
        var provider = services.BuildServiceProvider();
        await provider.PrepareVaultAsync(CancellationToken.None);
        return new FunctionBench(provider, telegram, folder, time);
    }

    public IServiceProvider Services => _provider;

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Announces a video, as the API does.</summary>
    public async Task<VideoId> AnnounceAsync(string name, int size, DateTimeOffset? created = null)
    {
        var id = VideoId.New(created ?? DateTimeOffset.UtcNow);
        await Library.TryAddAsync(
            new Video
            {
                Id = id,
                Details = new VideoDetails { Name = name },
                Upload = new VideoUpload { SizeBytes = size },
                Updated = id.Created,
                Life = VideoLife.Announced,
            },
            CancellationToken.None
        );
        return id;
    }

    /// <summary>Announces and uploads, without an event.</summary>
    public async Task<(VideoId Id, BlobClient Blob)> UploadAsync(string name, byte[] content)
    {
        var id = await AnnounceAsync(name, content.Length);
        return (id, await PutBlobAsync(id.ToString(), content));
    }

    public async Task<BlobClient> PutBlobAsync(string blobName, byte[] content)
    {
        var account = Get<StorageAccount>();
        var blob = account.Blobs.GetBlobContainerClient(account.Prefix + "staging").GetBlobClient(blobName);
        await blob.UploadAsync(new BinaryData(content), overwrite: true);
        return blob;
    }

    /// <summary>What Event Grid sets going.</summary>
    public Task ArriveAsync(BlobClient blob) =>
        ActivatorUtilities.CreateInstance<UploadFunctions>(_provider).UploadArrived(blob, Hub, CancellationToken.None);

    public UpkeepFunctions Upkeep => ActivatorUtilities.CreateInstance<UpkeepFunctions>(_provider);

    /// <summary>For good.</summary>
    public Task<int> RemoveAsync(VideoId id) => ManageAsync("DELETE", $"/api/videos/{id}?permanent=true");

    /// <summary>Into the trash, if it is ready.</summary>
    public Task<int> TrashAsync(VideoId id) => ManageAsync("DELETE", $"/api/videos/{id}");

    /// <summary>Gives it another name.</summary>
    public Task<int> RenameAsync(VideoId id, string name) => ManageAsync("PATCH", $"/api/videos/{id}", new { name });

    public Task<int> RetryAsync(VideoId id) => ManageAsync("POST", $"/api/videos/{id}/retry");

    public void Fail(FaultKind kind, string method, int times = 1, int retryAfter = 1) =>
        _telegram.Faults.Add(
            new Fault
            {
                Kind = kind,
                Method = method,
                Times = times,
                RetryAfterSeconds = retryAfter,
            }
        );

    public async Task<Video> ShowAsync(VideoId id) => (await Library.FindAsync(id, CancellationToken.None))!;

    /// <summary>Everything that playback gives of a video.</summary>
    public async Task<byte[]> PlayAsync(VideoId id)
    {
        await using var stream =
            await Get<OpenVideos>().OpenAsync(id, CancellationToken.None) ?? throw new InvalidOperationException("It does not play.");
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    /// <summary>The only instance of an orchestrator, once nothing is left to do.</summary>
    public async Task<MemoryInstance> OnlyInstanceAsync(string orchestrator)
    {
        await Hub.IdleAsync();
        return Assert.Single(Hub.Instances, instance => instance.Name == orchestrator);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await _provider.DisposeAsync();
        await _telegram.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    async Task<int> ManageAsync(string method, string path, object? body = null)
    {
        await using var scope = _provider.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var request = context.Request;
        var query = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? path[at..] : "";
        (request.Method, request.Path, request.QueryString) = (method, path[..^query.Length], new QueryString(query));
        request.Headers["X-Api-Key"] = Settings.ApiKey;
        if (body is not null)
        {
            request.ContentType = "application/json";
            request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body));
        }

        await (await Get<HttpFunction>().AnswerRequest(request, Hub)).ExecuteAsync(context);
        return context.Response.StatusCode;
    }
}
