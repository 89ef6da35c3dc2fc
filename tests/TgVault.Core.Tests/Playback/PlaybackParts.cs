using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Playback;

/// <summary>One video and all that plays it.</summary>
public sealed class PlaybackParts : IDisposable
{
    /// <summary>Chunks of 17 blocks: two full spans and one of a single block each; then a last chunk that ends inside a block.</summary>
    public static readonly ChunkPlan Plan = ChunkPlan.FromRuns([new ChunkRun(2, 17 * SealedChunk.BlockBytes), new ChunkRun(1, 100_000)]);

    PlaybackParts(PlaybackRows rows, KeyRing keys, SyntheticVideo video, PlaybackSettings settings)
    {
        Rows = rows;
        Keys = keys;
        Video = video;
        Settings = settings;
        Cache = new SpanCache(settings.CacheBytes);
        Reader = NewReader(video);
    }

    public PlaybackRows Rows { get; }

    public KeyRing Keys { get; }

    public SyntheticVideo Video { get; }

    public PlaybackSettings Settings { get; }

    public FakeTimeProvider Time { get; } = new();

    public SpanCache Cache { get; }

    public VideoReader Reader { get; }

    public static async Task<PlaybackParts> CreateAsync(ChunkPlan? plan = null, PlaybackSettings? settings = null, byte[]? content = null)
    {
        var rows = new PlaybackRows();
        var key = VaultKey.FromBytes(1, new byte[VaultKey.SizeBytes]);
        var video = await SyntheticVideo.AddAsync(rows, key, plan ?? (content is null ? Plan : SyntheticVideo.SmallChunks(content.Length)), content: content);
        return new PlaybackParts(rows, new KeyRing([key]), video, settings ?? new PlaybackSettings { ReadAheadBytes = 0 });
    }

    public VideoReader NewReader(IChunkStore store) => new(Rows, store, Keys, Cache, Settings, Time, NullLogger<VideoReader>.Instance);

    public async Task<VideoStream> OpenAsync() => (await Reader.OpenAsync(Video.Row.Id, CancellationToken.None))!;

    /// <summary>Makes <paramref name="chunk"/> the only record, which the vault itself never does.</summary>
    public async Task RecordAsync(ChunkRecord chunk)
    {
        await Rows.RemoveChunksAsync(Video.Row.Id, Video.Row.Attempt, CancellationToken.None);
        await Rows.AddChunkAsync(Video.Row.Id, Video.Row.Attempt, chunk, CancellationToken.None);
    }

    /// <summary>Reads one range through a stream of its own.</summary>
    public async Task<byte[]> ReadAsync(long offset, int length)
    {
        await using var stream = await OpenAsync();
        stream.ReadEnd = offset + length;
        stream.Position = offset;
        return await ReadAsync(stream, length);
    }

    public static async Task<byte[]> ReadAsync(VideoStream stream, int length)
    {
        var bytes = new byte[length];
        var count = await stream.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false);
        return bytes[..count];
    }

    public void Dispose()
    {
        Reader.Dispose();
        Keys.Dispose();
        Video.Dispose();
    }
}

/// <summary>Waits for what other threads bring about; the test's own time limit ends it.</summary>
public static class Until
{
    public static async Task IsTrueAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(1);
    }
}
