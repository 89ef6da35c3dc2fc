using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TgVault.Core.Crypto;

namespace TgVault.Core.Replicas;

/// <summary>
/// A replica of this vault. Its marker has an id that the rows know, so that neither a disk that is not mounted nor another disk at the
/// same place is taken for it.
/// </summary>
sealed class BoundReplica(IReplica replica, ReplicaTable table, KeyRing keys)
{
    const string About = "Sealed copies of a TgVault library. FORMAT.md of TgVault, section 6.1, says what lies where.";

    public IReplica Documents => replica;

    public string Place => replica.Place;

    /// <summary>Why it could not be used when it was used last; empty where it could.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>
    /// What is known of it, after making sure that it is there. One that is empty and was never used is begun; so is one with an empty
    /// marker, by which a person says that this is a new disk.
    /// </summary>
    /// <exception cref="ReplicaException">It is not there, is another one, or cannot be used.</exception>
    public async Task<ReplicaState> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = await FindAsync(cancellationToken);
            Failure = "";
            return state;
        }
        catch (ReplicaException exception)
        {
            Failure = exception.Message;
            throw;
        }
    }

    /// <summary>Videos that lack something in it, as of the last look at what changed.</summary>
    public int Waiting { get; set; }

    /// <summary>Notes that it could not do something.</summary>
    public void Failed(ReplicaException failure) => Failure = failure.Message;

    async Task<ReplicaState> FindAsync(CancellationToken cancellationToken)
    {
        var known = await table.FindAsync(Place, cancellationToken);
        var marker = await replica.ReadMarkerAsync(cancellationToken);
        if (marker is not null && string.IsNullOrWhiteSpace(marker))
            return await BeginAsync(cancellationToken);
        var id = marker is null ? null : IdIn(marker);
        if (known is not null)
            return known.Id == id
                ? known
                : throw new ReplicaException(
                    $"{Place} is not the replica that it was: is its disk mounted? Where it is a new one, put an empty file named "
                        + $"{FolderReplica.MarkerName} into it, and all is copied there again."
                );
        if (id is not null)
            return await TakeAsync(id, cancellationToken);
        if (!await replica.IsEmptyAsync(cancellationToken))
            throw new ReplicaException($"{Place} holds other files: a replica needs a folder of its own.");
        return await BeginAsync(cancellationToken);
    }

    async Task<ReplicaState> BeginAsync(CancellationToken cancellationToken)
    {
        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        await replica.BeginAsync(JsonSerializer.Serialize(new Marker(1, id, About), MarkerJson.Default.Marker), cancellationToken);
        return await SaveAsync(id, cancellationToken);
    }

    /// <summary>One that earlier rows of this vault knew.</summary>
    async Task<ReplicaState> TakeAsync(string id, CancellationToken cancellationToken)
    {
        var header = new byte[SealedDocument.HeaderBytes];
        if (
            await replica.TryReadAsync(ReplicaNames.Catalogue, 0, header, cancellationToken)
            && SealedDocument.IsDocument(header)
            && SealedDocument.ReadHeader(header) is { Parameters: { } parameters } read
            && keys.Find(read.VaultKeyVersion)?.Parameters is { } own
            && !parameters.Salt.Span.SequenceEqual(own.Salt.Span)
        )
            throw new ReplicaException($"{Place} is a replica of another vault: name another folder.");
        return await SaveAsync(id, cancellationToken);
    }

    async Task<ReplicaState> SaveAsync(string id, CancellationToken cancellationToken)
    {
        var state = new ReplicaState(id, 0, 0);
        await table.SaveAsync(Place, state, cancellationToken);
        return state;
    }

    string IdIn(string marker)
    {
        try
        {
            if (JsonSerializer.Deserialize(marker, MarkerJson.Default.Marker) is { Version: 1, Id: { Length: > 0 and <= 64 } id })
                return id;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new ReplicaException($"The marker {FolderReplica.MarkerName} of the replica {Place} is damaged, or of a newer version.");
    }
}

/// <summary>What a replica's marker holds.</summary>
sealed record Marker(int Version, string Id, string About);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Marker))]
sealed partial class MarkerJson : JsonSerializerContext;
