using System.Buffers.Binary;
using System.Security.Cryptography;
using TgVault.Core;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Testing.Playback;

/// <summary>One read of the store: which chunk, and which sealed bytes.</summary>
public sealed record StoreRead(int Chunk, long Offset, int LengthBytes);

/// <summary>
/// A ready video of any size whose sealed chunks are made when they are read, so that a test of 2 GiB needs no 2 GiB. Every plaintext
/// byte follows from its offset, unless the content is given. Reads are counted, and can be held, failed or damaged.
/// </summary>
sealed class SyntheticVideo : IChunkStore, IDisposable
{
    readonly DataKey _dataKey = DataKey.Generate();
    readonly VaultKey _vaultKey;
    readonly Lock _gate = new();
    readonly List<StoreRead> _reads = [];
    readonly byte[]? _content;

    SyntheticVideo(Video row, VaultKey vaultKey, byte[]? content)
    {
        _vaultKey = vaultKey;
        _content = content;
        Row = row with
        {
            Files = row.Files with
            {
                Key = vaultKey.Wrap(
                    _dataKey,
                    new KeyBinding(row.Id, row.Life.Attempt, row.Files.Plan!.LengthBytes, row.Files.Plan.ToString())
                ),
            },
        };
    }

    public Video Row { get; }

    public ChunkPlan Plan => Row.Files.Plan!;

    /// <summary>Runs before a read is answered: may wait or throw.</summary>
    public Func<StoreRead, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs on the sealed bytes before they are given.</summary>
    public Action<StoreRead, Memory<byte>> Damage { get; set; } = (_, _) => { };

    /// <summary>Raised after every read has been counted.</summary>
    public Signal Read { get; } = new();

    public IReadOnlyList<StoreRead> Reads
    {
        get
        {
            lock (_gate)
                return [.. _reads];
        }
    }

    /// <summary>Chunks of 64 KiB, so that what is read crosses many.</summary>
    public static ChunkPlan SmallChunks(int lengthBytes)
    {
        var (whole, rest) = Math.DivRem(lengthBytes, SealedChunk.BlockBytes);
        return ChunkPlan.FromRuns(
            new[] { new ChunkRun(whole, SealedChunk.BlockBytes), new ChunkRun(1, rest) }.Where(run => run is { Count: > 0, SizeBytes: > 0 })
        );
    }

    /// <summary>Makes the video and writes its rows.</summary>
    public static async Task<SyntheticVideo> AddAsync(
        ILibrary rows,
        VaultKey vaultKey,
        ChunkPlan plan,
        string name = "clip.mp4",
        string contentType = "video/mp4",
        MediaSummary? media = null,
        byte[]? content = null
    )
    {
        if (content is not null && content.Length != plan.LengthBytes)
            throw new ArgumentException("The plan is for another length.", nameof(content));
        var row = new Video
        {
            Id = VideoId.New(DateTimeOffset.UtcNow),
            Details = new VideoDetails { Name = name },
            Upload = new VideoUpload { SizeBytes = plan.LengthBytes, ContentType = contentType },
            Life = VideoLife.Announced.With(status: VideoStatus.Ready, stage: IngestStage.Done, attempt: 1),
            Updated = DateTimeOffset.UtcNow,
            Files = new VideoFiles
            {
                Prepared = new PreparedFile
                {
                    Extents = [],
                    LengthBytes = plan.LengthBytes,
                    ContentType = contentType,
                    Media =
                        media
                        ?? (
                            contentType.StartsWith("video/", StringComparison.Ordinal)
                                ? new MediaSummary { Container = "mov,mp4", DurationSeconds = 1 }
                                : null
                        ),
                },
                Plan = plan,
            },
        };
        var video = new SyntheticVideo(row, vaultKey, content);
        await rows.TryAddAsync(video.Row, CancellationToken.None);
        for (var i = 0; i < plan.Count; i++)
            await rows.AddChunkAsync(row.Id, row.Life.Attempt, video.Record(i), CancellationToken.None);
        return video;
    }

    public ChunkRecord Record(int chunk) =>
        new(
            new ChunkNumber(chunk),
            Plan[chunk].LengthBytes,
            Salt(chunk),
            new ChunkReceipt(1, -100, chunk + 1, $"file-{chunk}", $"unique-{chunk}", SealedChunk.SealedLength(Plan[chunk].LengthBytes))
        );

    /// <summary>The plaintext from <paramref name="offset"/> on, as far as the file goes.</summary>
    public byte[] Plain(long offset, long length)
    {
        var bytes = new byte[Math.Max(0, Math.Min(length, Plan.LengthBytes - offset))];
        WritePlain(offset, bytes);
        return bytes;
    }

    public Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var read = new StoreRead(receipt.MessageId - 1, offset, destination.Length);
        lock (_gate)
            _reads.Add(read);
        Read.Raise();
        await Before(read, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Seal(read, destination.Span);
        Damage(read, destination);
    }

    public void Dispose() => _dataKey.Dispose();

    void Seal(StoreRead read, Span<byte> destination)
    {
        var chunk = Plan[read.Chunk];
        using var cipher = ChunkCipher.Create(
            _dataKey,
            _vaultKey,
            new ChunkIdentity(Row.Id, Row.Life.Attempt, ChunkNumber.Of(0, chunk.Index)),
            Salt(chunk.Index),
            chunk.LengthBytes
        );
        var plain = new byte[SealedChunk.BlockBytes];
        var sealedBlock = new byte[SealedChunk.SealedBlockBytes];
        for (var done = 0; done < destination.Length; )
        {
            var (block, within) = Math.DivRem((int)read.Offset + done - SealedChunk.HeaderBytes, SealedChunk.SealedBlockBytes);
            var length = SealedChunk.BlockLength(chunk.LengthBytes, block);
            WritePlain(chunk.Offset + ((long)block * SealedChunk.BlockBytes), plain.AsSpan(0, length));
            cipher.SealBlocks(block, plain.AsSpan(0, length), sealedBlock.AsSpan(0, length + SealedChunk.TagBytes));
            var piece = Math.Min(length + SealedChunk.TagBytes - within, destination.Length - done);
            sealedBlock.AsSpan(within, piece).CopyTo(destination[done..]);
            done += piece;
        }
    }

    static byte[] Salt(int chunk)
    {
        var seed = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(seed, chunk);
        return SHA256.HashData(seed);
    }

    void WritePlain(long offset, Span<byte> destination)
    {
        if (_content is not null)
        {
            _content.AsSpan((int)offset, destination.Length).CopyTo(destination);
            return;
        }

        for (var i = 0; i < destination.Length; i++)
            destination[i] = (byte)((((ulong)(offset + i) + 1) * 0x9E3779B97F4A7C15) >> 56);
    }
}
