using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Staging.Folder;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Staging.Folder;

/// <summary>A staging folder that is removed at the end, and what a vault that begins there is made of.</summary>
sealed class FolderBench : IDisposable
{
    readonly KeyRing _keys = new([VaultKey.FromBytes(1, new byte[VaultKey.SizeBytes])]);
    FolderStaging? _staging;

    public string Folder { get; } = Directory.CreateTempSubdirectory("tgvault-staging-").FullName;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public FolderUploads Uploads { get; private set; } = null!;

    /// <summary>As a vault does when it begins: also again, with what the one before left.</summary>
    public async Task<FolderStaging> StartAsync()
    {
        _staging?.Dispose();
        var folder = new StagingFolder(Folder);
        var ledgers = new UploadLedgers();
        Uploads = new FolderUploads(folder, ledgers, Time);
        _staging = new FolderStaging(folder, ledgers, new UploadUrls(_keys, Time), Time, NullLogger<FolderStaging>.Instance);
        await _staging.PrepareAsync(CancellationToken.None);
        return _staging;
    }

    public Task<StagedBlob> PutAsync(string name, byte[] content, WriteConditions? conditions = null) =>
        Uploads.PutBlobAsync(Target(name, content.Length), Content(content), conditions ?? WriteConditions.None, CancellationToken.None);

    public Task PutBlockAsync(string name, int id, byte[] content, long announced) =>
        Uploads.PutBlockAsync(Target(name, announced), Id(id), Content(content), CancellationToken.None);

    public Task<StagedBlob> PutListAsync(string name, long announced, int[] ids, BlockSource source = BlockSource.Latest) =>
        Uploads.PutBlockListAsync(
            Target(name, announced),
            [.. ids.Select(id => new ListedBlock(source, Id(id)))],
            WriteConditions.None,
            CancellationToken.None
        );

    public static UploadTarget Target(string name, long announced) => new(name, announced, IsTakenUp: false);

    public static UploadContent Content(byte[] content) => new(new MemoryStream(content), content.Length);

    public static string Id(int id) => Convert.ToBase64String(BitConverter.GetBytes(id));

    /// <summary>Every file there is.</summary>
    public string[] Files() => [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _staging?.Dispose();
        _keys.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
