using System.Buffers;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>One chunk with the key of its file: what its copies are measured by.</summary>
sealed record CheckedChunk(FileChunk Planned, ChunkRecord Record, DataKey Key)
{
    public ChunkIdentity Identity => new(Planned.File.Video, Planned.File.Attempt, Planned.Number);

    public int SealedBytes => SealedChunk.SealedLength(Planned.Span.LengthBytes);

    /// <summary>Opens blocks; the caller disposes it.</summary>
    public ChunkCipher Open() => ChunkCipher.CreateToOpen(Key, Identity, Record.Salt.Span, Planned.Span.LengthBytes);
}

/// <summary>How one copy is, and why.</summary>
readonly record struct CopyLook(CopyState State, string Reason = "", TimeSpan? RetryAfter = null)
{
    public bool IsLost => State is CopyState.Missing or CopyState.Damaged;

    /// <summary>
    /// Whether the place answered, and does not let the vault in: a channel that is gone, or that the bot is no more in. So the copy is of
    /// no use now, and others are still to be looked at.
    /// </summary>
    public bool IsRefused { get; init; }

    public bool IsThere => State is CopyState.Good or CopyState.Archived;
}

/// <summary>The copies of chunks: where they are read and written, and what a failure of that means.</summary>
/// <param name="store">Telegram.</param>
/// <param name="memory">What it remembers.</param>
/// <param name="channels">The channels of the settings: one that is not among them any more is gone.</param>
sealed class ChunkCopies(IChunkStore store, IDocumentMemory memory, IReadOnlyCollection<long> channels)
{
    /// <summary>What Telegram is called among the places.</summary>
    public const string Telegram = "Telegram";

    public Task<CopyLook> LookInTelegramAsync(CheckedChunk chunk, CopyDepth depth, CancellationToken cancellationToken)
    {
        var receipt = chunk.Record.Receipt;
        if (receipt.IsNowhere)
            return Task.FromResult(new CopyLook(CopyState.Missing, "It was not posted."));
        if (depth == CopyDepth.Listed)
            return Task.FromResult(new CopyLook(CopyState.Good));
        if (receipt.SealedLengthBytes != chunk.SealedBytes)
            return Task.FromResult(new CopyLook(CopyState.Damaged, "Its record has another length than planned."));
        return LookAsync(
            async () =>
            {
                memory.Forget(receipt);
                await CheckAsync(chunk, depth, ReadTelegram(receipt), cancellationToken);
            },
            receipt
        );
    }

    public static Task<CopyLook> LookInReplicaAsync(
        CheckedChunk chunk,
        CopyDepth depth,
        IReplica replica,
        CancellationToken cancellationToken
    ) =>
        LookAsync(async () =>
        {
            var length = await replica.FindLengthAsync(ReplicaNames.Chunk(chunk.Identity), cancellationToken);
            if (length is null)
                throw new ChunkStoreException(ChunkStoreFailure.Gone, "It is not there.");
            if (length != chunk.SealedBytes)
                throw new IntegrityException($"It has {length} bytes and not the {chunk.SealedBytes} that were sealed.");
            if (depth == CopyDepth.Listed && replica.Kind != ReplicaKind.Folder)
                return;
            try
            {
                await CheckAsync(chunk, depth, ReadReplica(replica, ReplicaNames.Chunk(chunk.Identity)), cancellationToken);
            }
            catch (ReplicaException archived) when (archived.IsArchived && depth != CopyDepth.Whole)
            {
                // It is there and as long as it should be: more nobody can see for now.
            }
        });

    public ReadBytes ReadTelegram(ChunkReceipt receipt) =>
        (offset, destination, cancellation) => store.ReadAsync(receipt, offset, destination, cancellation);

    public static ReadBytes ReadReplica(IReplica replica, string name) =>
        async (offset, destination, cancellation) =>
        {
            if (!await replica.TryReadAsync(name, offset, destination, cancellation))
                throw new ChunkStoreException(ChunkStoreFailure.Gone, "It is not there any more.");
        };

    /// <summary>Runs a look and says what its failure means.</summary>
    /// <param name="look">Throws where the copy is not good.</param>
    /// <param name="receipt">Where Telegram has it; null for a replica.</param>
    public async Task<CopyLook> LookAtTelegramAsync(Func<Task> look, ChunkReceipt receipt) => await LookAsync(look, receipt);

    /// <summary>Reads the whole sealed chunk, if it opens.</summary>
    /// <exception cref="VaultException">It does not, or cannot be read.</exception>
    public static async Task ReadWholeAsync(
        CheckedChunk chunk,
        ReadBytes read,
        Memory<byte> destination,
        CancellationToken cancellationToken
    )
    {
        await read(0, destination, cancellationToken);
        using var cipher = chunk.Open();
        await cipher.CheckAsync(
            (offset, piece, _) =>
            {
                destination.Slice((int)offset, piece.Length).CopyTo(piece);
                return Task.CompletedTask;
            },
            cancellationToken
        );
    }

    static async Task CheckAsync(CheckedChunk chunk, CopyDepth depth, ReadBytes read, CancellationToken cancellationToken)
    {
        using var cipher = chunk.Open();
        if (depth == CopyDepth.Whole)
        {
            await cipher.CheckAsync(read, cancellationToken);
            return;
        }

        var header = ArrayPool<byte>.Shared.Rent(SealedChunk.HeaderBytes);
        try
        {
            var bytes = header.AsMemory(0, SealedChunk.HeaderBytes);
            await read(0, bytes, cancellationToken);
            cipher.CheckHeader(bytes.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(header);
        }
    }

    Task<CopyLook> LookAsync(Func<Task> look, ChunkReceipt receipt) => LookAsync(look, channels.Contains(receipt.ChatId));

    /// <summary>What it means that a look throws, or does not.</summary>
    public static async Task<CopyLook> LookAsync(Func<Task> look, bool isPlaceKnown = true)
    {
        try
        {
            await look();
            return new CopyLook(CopyState.Good);
        }
        catch (IntegrityException damage)
        {
            return new CopyLook(CopyState.Damaged, damage.Message);
        }
        catch (ChunkStoreException failure)
        {
            return failure switch
            {
                { IsOfDocument: true } => new CopyLook(CopyState.Missing, failure.Message),
                { Failure: ChunkStoreFailure.Gone } => new CopyLook(CopyState.Missing, failure.Message),
                { Failure: ChunkStoreFailure.Permanent } when !isPlaceKnown => new CopyLook(CopyState.Missing, failure.Message),
                { RetryAfter: { } wait } => new CopyLook(CopyState.Throttled, failure.Message, wait),
                _ => new CopyLook(CopyState.Unreachable, failure.Message)
                {
                    IsRefused = failure is { Failure: ChunkStoreFailure.Permanent, Trouble: not ChunkStoreTrouble.BadToken },
                },
            };
        }
        catch (ReplicaException failure) when (failure.RetryAfter is { } wait)
        {
            return new CopyLook(CopyState.Throttled, failure.Message, wait);
        }
        catch (ReplicaException failure)
        {
            return new CopyLook(failure.IsArchived ? CopyState.Archived : CopyState.Unreachable, failure.Message);
        }
    }
}
