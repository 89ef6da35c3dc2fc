using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Playback;

/// <summary>One video and all that plays it.</summary>
sealed class PlaybackParts : IDisposable
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

    public OpenVideos Reader { get; }

    public static async Task<PlaybackParts> CreateAsync(ChunkPlan? plan = null, PlaybackSettings? settings = null, byte[]? content = null)
    {
        var rows = new PlaybackRows();
        var key = VaultKey.FromBytes(1, new byte[VaultKey.SizeBytes]);
        var video = await SyntheticVideo.AddAsync(
            rows,
            key,
            plan ?? (content is null ? Plan : SyntheticVideo.SmallChunks(content.Length)),
            content: content
        );
        return new PlaybackParts(rows, new KeyRing([key]), video, settings ?? new PlaybackSettings { ReadAheadBytes = 0 });
    }

    public OpenVideos NewReader(IChunkStore store) =>
        new(Rows, ChunkReading.Of(store), Keys, Cache, Settings, Time, NullLogger<OpenVideos>.Instance);

    public async Task<VideoStream> OpenAsync() => (await Reader.OpenAsync(Video.Row.Id, CancellationToken.None))!;

    /// <summary>Makes <paramref name="chunk"/> the only record, which the vault itself never does.</summary>
    public async Task RecordAsync(ChunkRecord chunk)
    {
        await ForgetChunksAsync();
        await Rows.AddChunkAsync(Video.Row.Id, Video.Row.Life.Attempt, chunk, CancellationToken.None);
    }

    /// <summary>Removes every record of the video's chunks.</summary>
    public async Task ForgetChunksAsync()
    {
        var (id, attempt) = (Video.Row.Id, Video.Row.Life.Attempt);
        await foreach (var chunk in Rows.ListChunksAsync(id, attempt, new ChunkNumber(0), int.MaxValue, CancellationToken.None))
            await Rows.RemoveChunkAsync(id, attempt, chunk.Number, CancellationToken.None);
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

    /// <summary>The blocks that a read of the store took.</summary>
    public static IEnumerable<(int Chunk, int Block)> BlocksOf(StoreRead read)
    {
        var (first, within) = Math.DivRem((int)read.Offset - SealedChunk.HeaderBytes, SealedChunk.SealedBlockBytes);
        Assert.Equal(0, within);
        return Enumerable
            .Range(first, (read.LengthBytes + SealedChunk.SealedBlockBytes - 1) / SealedChunk.SealedBlockBytes)
            .Select(block => (read.Chunk, block));
    }

    /// <summary>The blocks that hold a range of a file that is cut like this.</summary>
    public static IEnumerable<(int Chunk, int Block)> BlocksOf(ChunkPlan plan, long offset, long length)
    {
        for (var at = offset; at < Math.Min(offset + length, plan.LengthBytes); )
        {
            var chunk = plan.At(at);
            var block = (int)((at - chunk.Offset) / SealedChunk.BlockBytes);
            yield return (chunk.Index, block);
            at = Math.Min(chunk.End, chunk.Offset + ((block + 1L) * SealedChunk.BlockBytes));
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        Keys.Dispose();
        Video.Dispose();
    }
}
