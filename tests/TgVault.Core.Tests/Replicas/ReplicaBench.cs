using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Recovery;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Replicas;

/// <summary>Vaults over one stand-in and one folder as replica; each on storage of its own.</summary>
sealed class ReplicaBench(AzuriteFixture azurite)
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-replica-").FullName;

    public StandIn StandIn { get; private set; } = null!;

    public string Replica => Path.Combine(_folder, "replica");

    /// <summary>Where copies are kept: the folder, until a test says otherwise.</summary>
    public ReplicaSettings? Place { get; init; }

    public Dictionary<VideoId, byte[]> Uploads { get; } = [];

    public async Task StartAsync() => StandIn = await StandIn.StartAsync();

    /// <summary>All that Telegram has is gone; another server answers with nothing in it.</summary>
    public async Task LoseTelegramAsync()
    {
        await StandIn.DisposeAsync();
        StandIn = await StandIn.StartAsync();
    }

    /// <param name="replica">In the place of the folder.</param>
    /// <param name="storage">The storage of another one, to go on in it.</param>
    public Task<IngestBench> OpenAsync(
        IReplica? replica = null,
        VaultSettings? storage = null,
        string? masterSecret = null,
        long? channel = null,
        string token = StandIn.FirstToken
    ) =>
        IngestBench.OpenAsync(
            azurite,
            given =>
                (storage ?? given) with
                {
                    MasterSecret = masterSecret ?? Foundations.MasterSecret,
                    Telegram = StandIn.Settings(token) with { Attempts = 4, Channels = [channel ?? StandIn.FirstChannel] },
                    Replicas = [Place ?? new ReplicaSettings { Folder = Replica }],
                    Chunks = given.Chunks,
                    Pictures = false,
                },
            overTelegram: true,
            services =>
            {
                if (replica is not null)
                    services.AddSingleton(provider => new ReplicaSet(
                        [replica],
                        provider.GetRequiredService<IRowStore>(),
                        provider.GetRequiredService<KeyRing>()
                    ));
            }
        );

    /// <summary>Has replicas follow, and rows be amended, until nothing is left to do.</summary>
    public static async Task FollowAsync(IngestBench bench, params IEnumerable<VideoId> ids)
    {
        for (var round = 0; round < 10; round++)
        {
            var isDone = await bench.Get<Replication>().RunAsync(CancellationToken.None);
            foreach (var id in ids)
            {
                if (await bench.Library.FindAsync(id, CancellationToken.None) is not { NeedsAmending: true })
                    continue;
                await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
                isDone = false;
            }

            if (isDone)
                return;
        }

        throw new InvalidOperationException(
            "Replicas do not come to an end: " + (await bench.Get<IReplicas>().ShowAsync(CancellationToken.None))[0]
        );
    }

    /// <summary>A stored file of so many chunks.</summary>
    public async Task<VideoId> StoreAsync(IngestBench bench, int chunks)
    {
        var content = new byte[(chunks * 65536) - 77];
        new Random(chunks + Uploads.Count).NextBytes(content);
        var (id, arrived) = await bench.UploadAsync($"file {Uploads.Count}.bin", content);
        await bench.RunAsync(arrived);
        Uploads[id] = content;
        return id;
    }

    /// <summary>Changes the name, and brings what is stored up to it.</summary>
    public static async Task RenameAsync(IngestBench bench, VideoId id, string name)
    {
        await bench.Library.ChangeAsync(
            id,
            video => video with { Details = video.Details with { Name = name }, Manifests = video.Manifests with { IsStale = true } },
            CancellationToken.None
        );
        await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);
    }

    /// <summary>Loses the document of a chunk in its channel.</summary>
    public async Task LoseAsync(IngestBench bench, VideoId id, int number)
    {
        var record = await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(number), CancellationToken.None);
        StandIn.Server.Lose(StandIn.FirstChannel, record!.Receipt.MessageId, bytesToo: true);
    }

    /// <summary>All that was suspected was suspected long ago.</summary>
    public static async Task AgeSuspectsAsync(IngestBench bench)
    {
        var table = bench.Get<IRowStore>().Table(VaultTables.Vault);
        await foreach (var row in table.ListAsync(RowRange.Of("suspects"), 100, null, CancellationToken.None))
            await table.PutAsync(
                new Row(row.Partition, row.Key) { ["First"] = DateTimeOffset.UtcNow - SuspectTable.SecondLook },
                CancellationToken.None
            );
    }

    /// <summary>A whole look at a video's copies.</summary>
    public static async Task<CopyReport> CheckAsync(IngestBench bench, VideoId id, CopyDepth depth, bool mends = true) =>
        (await bench.Get<ICopyChecks>().RunAsync(id, new CopyRequest { Depth = depth, Mends = mends }, CancellationToken.None))!;

    /// <summary>Every byte that a fresh reader gets, with nothing in its memory.</summary>
    public static async Task<byte[]> PlayAsync(IngestBench bench, VideoId id)
    {
        await using var stream = (await bench.Get<OpenVideos>().OpenAsync(id, CancellationToken.None))!;
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    /// <summary>The names of all documents in the replica.</summary>
    public List<string> Documents() =>
        [
            .. Directory
                .GetFiles(Replica, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Replica, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    public string PathOf(string name) => Path.Combine(Replica, name);

    public async Task StopAsync()
    {
        await StandIn.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
