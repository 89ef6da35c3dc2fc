using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>
/// Goes through the chunks of a video, looks at every copy of each, and makes those anew that are lost where another is good. It deletes
/// nothing. What is lost in a channel is mended at the second look.
/// </summary>
sealed class CopyCheck(
    ILibrary library,
    KeyRing keys,
    ReplicaSet replicas,
    ChunkCopies copies,
    CopyMending mending,
    ManifestCopies manifests,
    SuspectTable suspects,
    ReplicaTable table,
    TimeProvider time,
    ILogger<CopyCheck> log
) : ICopyChecks
{
    const int AtOnce = 4;

    // One failure may be of one document; two at once are of the way there.
    const int MostUnreachable = 2;

    /// <inheritdoc/>
    public async Task<CopyReport?> RunAsync(VideoId id, CopyRequest request, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(id, cancellationToken) is not { IsStored: true, Manifests.Newest: not null } video)
            return null;
        var run = new CopyRun(video, request, replicas.All) { Suspects = await suspects.ReadAsync(id, cancellationToken) };
        for (var replica = 0; replica < replicas.All.Length; replica++)
        {
            if (!await IsThereAsync(replicas.All[replica], cancellationToken))
                run.GiveUp(replica);
        }

        await RunAsync(run, cancellationToken);
        if (request.Depth == CopyDepth.Whole)
            await NoteAsync(run, cancellationToken);
        return run.Report();
    }

    async Task RunAsync(CopyRun run, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var chunks = new FileChunks(run.Video.FilesOf(CompanionState.Stored));
        using var open = new OpenKeys(keys);
        var next = run.Request.From;
        while (next < chunks.Count)
        {
            if (time.GetElapsedTime(began) >= run.Request.Time || run.IsFull)
            {
                run.Next = next;
                break;
            }

            var first = next;
            var wanted = new List<FileChunk>();
            for (; next < chunks.Count && wanted.Count < AtOnce; next++)
            {
                if (IsWanted(run, chunks[next]))
                    wanted.Add(chunks[next]);
            }

            if (!await CheckAsync(run, wanted, open, cancellationToken))
            {
                // What was not looked at is looked at when it goes on.
                run.Next = first;
                break;
            }
        }

        if (run.Posted > 0)
            await mending.NameAnewAsync(run.Video, cancellationToken);
        if (run is { Next: null, Stopped: "" })
            await manifests.CheckAsync(run, cancellationToken);
    }

    static bool IsWanted(CopyRun run, FileChunk chunk) =>
        (run.Request.Share is not { } share || share.Has(run.Video.Id, chunk.Number))
        && (!run.Request.OnlySuspects || run.Suspects.ContainsKey(CopyMending.NameOf(chunk)));

    /// <summary>A few chunks at once; false where Telegram does not give what is asked, and it is no use to go on.</summary>
    async Task<bool> CheckAsync(CopyRun run, List<FileChunk> wanted, OpenKeys open, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(wanted.Select(chunk => LookAsync(run, chunk, open, cancellationToken)));
        var waits = looks.SelectMany(look => look.InReplicas.Prepend(look.InTelegram)).Where(look => look.State == CopyState.Throttled);
        if (waits.Max(look => look.RetryAfter) is { } wait)
        {
            run.Wait = wait;
            return false;
        }

        var unreachable = looks
            .Where(look => look.InTelegram.State == CopyState.Unreachable && !(look.InTelegram.IsRefused && run.Replicas.Length > 0))
            .ToList();
        if (unreachable.Count >= Math.Min(MostUnreachable, looks.Length) && unreachable.Count > 0)
            run.Stopped = unreachable[0].InTelegram.Reason;
        foreach (var look in looks)
        {
            run.CountChunk(look.Planned.Span.LengthBytes);
            await mending.MendAsync(run, look, cancellationToken);
        }

        return run.Stopped.Length == 0 && run.Wait is null;
    }

    async Task<ChunkLooks> LookAsync(CopyRun run, FileChunk planned, OpenKeys open, CancellationToken cancellationToken)
    {
        var depth = run.Request.Depth;
        if (open.Find(planned.File) is not { } key)
            return ChunkLooks.All(planned, new CopyLook(CopyState.WrongKey, "The key of its file does not open."), run.Replicas.Length);
        var record = await library.FindChunkAsync(planned.File.Video, planned.File.Attempt, planned.Number, cancellationToken);
        if (record is not { Salt.Length: SealedChunk.SaltBytes })
            return ChunkLooks.All(planned, new CopyLook(CopyState.Missing, "The tables have no record of it."), run.Replicas.Length);
        var chunk = new CheckedChunk(planned, record, key);
        var inReplicas = ImmutableArray.CreateBuilder<CopyLook>(run.Replicas.Length);
        for (var replica = 0; replica < run.Replicas.Length; replica++)
            inReplicas.Add(
                run.IsUsable(replica)
                    ? await ChunkCopies.LookInReplicaAsync(chunk, depth, run.Replicas[replica].Documents, cancellationToken)
                    : new CopyLook(CopyState.Unreachable, run.Replicas[replica].Failure)
            );
        return new ChunkLooks(
            planned,
            chunk,
            await copies.LookInTelegramAsync(chunk, depth, cancellationToken),
            inReplicas.MoveToImmutable()
        );
    }

    /// <summary>Notes which replicas had copies that were read as a whole.</summary>
    async Task NoteAsync(CopyRun run, CancellationToken cancellationToken)
    {
        for (var replica = 0; replica < run.Replicas.Length; replica++)
        {
            if (run.TallyOf(replica + 1).Good > 0)
                await table.SaveVerifiedAsync(run.Replicas[replica].Place, time.GetUtcNow(), cancellationToken);
        }
    }

    async Task<bool> IsThereAsync(BoundReplica replica, CancellationToken cancellationToken)
    {
        try
        {
            await replica.OpenAsync(cancellationToken);
            return true;
        }
        catch (ReplicaException failure)
        {
            log.ReplicaNotThere(failure.Message);
            return false;
        }
    }

    /// <summary>The data keys of the files that a call goes through.</summary>
    sealed class OpenKeys(KeyRing keys) : IDisposable
    {
        readonly Dictionary<int, DataKey?> _keys = [];
        readonly Lock _lock = new();

        public DataKey? Find(StoredFile file)
        {
            lock (_lock)
            {
                if (!_keys.TryGetValue(file.Number, out var key))
                    _keys[file.Number] = key = TryUnwrap(file);
                return key;
            }
        }

        public void Dispose()
        {
            foreach (var key in _keys.Values)
                key?.Dispose();
        }

        DataKey? TryUnwrap(StoredFile file)
        {
            try
            {
                return keys.UnwrapFor(file);
            }
            catch (IntegrityException)
            {
                return null;
            }
        }
    }
}

/// <summary>What a look at all copies of a chunk found. Without a chunk nothing can be mended.</summary>
sealed record ChunkLooks(FileChunk Planned, CheckedChunk? Chunk, CopyLook InTelegram, ImmutableArray<CopyLook> InReplicas)
{
    public static ChunkLooks All(FileChunk planned, CopyLook look, int replicas) =>
        new(planned, null, look, [.. Enumerable.Repeat(look, replicas)]);
}
