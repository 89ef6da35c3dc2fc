using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// One file of a ready attempt with its data key unwrapped: the prepared file or a companion. Shared by the cache of open files, streams
/// and running fetches; the key is zeroed when the last of them lets go.
/// </summary>
#pragma warning disable CA1001 // Counted, not owned: the last Release disposes what it holds.
internal sealed class PlayableFile : ISpanSource
#pragma warning restore CA1001
{
    readonly ChunkReading _reading;
    readonly ILogger _log;
    readonly DataKey _dataKey;
    readonly ChunkRecords _records;
    int _holders = 1;

    PlayableFile(StoredFile file, DataKey dataKey, ChunkRecords records, ChunkReading reading, ILogger log)
    {
        File = file;
        _dataKey = dataKey;
        _reading = reading;
        _log = log;
        _records = records;
    }

    public VideoId Video => File.Video;

    /// <summary>The row that was last seen to have this file.</summary>
    public Video? CheckedRow { get; set; }

    public StoredFile File { get; }

    public ChunkPlan Plan => File.Plan;

    /// <summary>Unwraps the key of one file of a ready row, 0 being the prepared file; the caller is its first holder.</summary>
    /// <exception cref="IntegrityException">The row's parts do not belong together.</exception>
    public static PlayableFile Open(Video row, int file, KeyRing keys, ChunkRecords records, ChunkReading reading, ILogger log)
    {
        try
        {
            var stored =
                row.FileOf(file)
                ?? throw new IntegrityException($"Video {row.Id}: its record is incomplete, or its chunks do not add up to its length.");
            return new PlayableFile(stored, keys.UnwrapFor(stored), records, reading, log);
        }
        catch (IntegrityException exception)
        {
            log.VideoDidNotOpen(exception, row.Id);
            throw;
        }
    }

    /// <summary>
    /// Whether <paramref name="row"/> has this file, of the same attempt and under the same key, so that its opened bytes are these.
    /// </summary>
    public bool IsSameFile(Video row) =>
        row.Id == Video
        && row.Life.Attempt == File.Attempt
        && row.FileOf(File.Number) is { } file
        && Plan.Equals(file.Plan)
        && file.Key.Sealed.Span.SequenceEqual(File.Key.Sealed.Span);

    public BlockKey KeyOf(PlaySpan span) => new(Video, File.Attempt, File.NumberOf(span.Index), span.FirstBlock);

    public void Acquire() => Interlocked.Increment(ref _holders);

    /// <summary>For those who found it in a cache that may let go of it meanwhile: false where the last holder has.</summary>
    public bool TryAcquire()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; )
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            _dataKey.Dispose();
    }

    public Task FillAsync(PlaySpan span, Memory<byte> buffer, CancellationToken cancellationToken) =>
        FillAsync(span, buffer, static _ => { }, cancellationToken);

    /// <inheritdoc cref="FillAsync(PlaySpan, Memory{byte}, CancellationToken)"/>
    /// <param name="asking">Is told which bot has the document, right before the store is asked.</param>
    public async Task FillAsync(PlaySpan span, Memory<byte> buffer, Action<long> asking, CancellationToken cancellationToken)
    {
        var record = Checked(span, await _records.FindAsync(File, span.Index, cancellationToken));
        asking(record.Receipt.BotId);
        try
        {
            await ReadAsync(span, record, buffer, cancellationToken);
        }
        catch (VaultException failure) when (failure is IntegrityException or ChunkStoreException)
        {
            var now = Checked(span, await _records.FindAnewAsync(File, span.Index, cancellationToken));
            // What did not open may have been damaged on its way, which a second look tells from what is stored so.
            if (now.Receipt == record.Receipt && failure is not IntegrityException)
                throw;
            await ReadAsync(span, now, buffer, cancellationToken);
        }
    }

    Task ReadAsync(PlaySpan span, ChunkRecord record, Memory<byte> buffer, CancellationToken cancellationToken) =>
        _reading.ReadAsync(
            new ChunkIdentity(Video, File.Attempt, File.NumberOf(span.Index)),
            record.Receipt,
            span.SealedOffset,
            buffer,
            () => OpenInPlace(span, record, buffer.Span),
            cancellationToken
        );

    ChunkRecord Checked(PlaySpan span, ChunkRecord? record)
    {
        if (record is null)
            throw Damaged(span.Index, span.Offset, "There is no record of this chunk.");
        if (
            record.LengthBytes != span.ChunkBytes
            || record.Salt.Length != SealedChunk.SaltBytes
            || record.Receipt.SealedLengthBytes != SealedChunk.SealedLength(span.ChunkBytes)
        )
            throw Damaged(span.Index, span.Offset, "The chunk's record does not fit the plan.");
        return record;
    }

    void OpenInPlace(PlaySpan span, ChunkRecord record, Span<byte> buffer)
    {
        using var cipher = ChunkCipher.CreateToOpen(
            _dataKey,
            new ChunkIdentity(Video, File.Attempt, File.NumberOf(span.Index)),
            record.Salt.Span,
            span.ChunkBytes
        );
        for (var i = 0; i < span.BlockCount; i++)
        {
            var block = span.FirstBlock + i;
            var length = SealedChunk.BlockLength(span.ChunkBytes, block);
            var sealedBlock = buffer.Slice(i * SealedChunk.SealedBlockBytes, length + SealedChunk.TagBytes);
            try
            {
                // AES-GCM may write over its own input; that saves a second buffer per span.
                cipher.OpenBlock(block, sealedBlock, sealedBlock[..length]);
            }
            catch (IntegrityException exception)
            {
                throw Damaged(span.Index, span.Offset + ((long)i * SealedChunk.BlockBytes), exception.Message, exception);
            }
        }
    }

    IntegrityException Damaged(int chunk, long offset, string what, Exception? inner = null)
    {
        var number = File.NumberOf(chunk);
        _log.ChunkDidNotOpen(Video, number, offset, what);
        return new IntegrityException($"Video {Video}, chunk {number}, offset {offset}: {what}", inner);
    }
}
