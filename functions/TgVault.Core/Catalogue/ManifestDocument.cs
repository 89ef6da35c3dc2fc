using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Catalogue;

/// <summary>A manifest as a sealed document: to bytes and back, checked both ways.</summary>
static class ManifestDocument
{
    const int Version = 1;

    /// <summary>
    /// Seals it under the newest version of the vault key, and so the keys in it: whoever has that version needs no other.
    /// </summary>
    /// <exception cref="IntegrityException">A key in it does not open.</exception>
    /// <inheritdoc cref="Seal(Manifest, VaultKey)"/>
    public static byte[] Seal(Manifest manifest, KeyRing keys) => Seal(manifest.WrappedAnew(keys), keys.Current);

    /// <exception cref="VaultException">The manifest is larger than Telegram gives back: the file has too many chunks.</exception>
    public static byte[] Seal(Manifest manifest, VaultKey key)
    {
        var packed = PackedJson.Pack(Written.From(manifest), ManifestJson.Default.Written);
        if (packed.Length > SealedDocument.MaxPlainBytes)
            throw new VaultException(
                $"The manifest of video {manifest.Id} with its {manifest.Chunks.Length} chunks does not fit into one document; "
                    + "set a larger chunk size."
            );
        return SealedDocument.Seal(DocumentKind.Manifest, packed, key);
    }

    /// <exception cref="IntegrityException">It does not open, or what it says cannot be.</exception>
    public static Manifest Open(ReadOnlySpan<byte> document, KeyRing keys) =>
        Read(SealedDocument.Open(DocumentKind.Manifest, document, keys));

    /// <summary>Opens it with the master secret alone: for recovery.</summary>
    /// <inheritdoc cref="SealedDocument.Open(DocumentKind, ReadOnlySpan{byte}, string)"/>
    public static Manifest Open(ReadOnlySpan<byte> document, string masterSecret) =>
        Read(SealedDocument.Open(DocumentKind.Manifest, document, masterSecret));

    static Manifest Read(byte[] packed) =>
        PackedJson.Unpack(packed, ManifestJson.Default.Written, Version).ToManifest()
        ?? throw new IntegrityException("The manifest opens, but what it says cannot be.");

    /// <summary>The JSON of FORMAT.md 5.1: apart from <see cref="Manifest"/>, so that renaming there changes nothing stored.</summary>
    internal sealed record Written : IVersioned
    {
        public required int Version { get; init; }
        public required string Id { get; init; }
        public required int Attempt { get; init; }
        public required string Name { get; init; }
        public required string ContentType { get; init; }
        public string Folder { get; init; } = "";
        public string Description { get; init; } = "";
        public ImmutableArray<string> Tags { get; init; } = [];
        public long SizeBytes { get; init; }
        public string? Sha256 { get; init; }
        public int? LinkEpoch { get; init; }
        public required DateTimeOffset Committed { get; init; }
        public MediaDecision? Decision { get; init; }
        public MediaSummary? Inspected { get; init; }
        public MediaSummary? Media { get; init; }
        public required string PreparedContentType { get; init; }
        public required long PreparedLengthBytes { get; init; }
        public required string Plan { get; init; }
        public required WrappedKey Key { get; init; }
        public required ImmutableArray<ManifestChunk> Chunks { get; init; }
        public ImmutableArray<WrittenCompanion>? Companions { get; init; }

        public static Written From(Manifest manifest) =>
            new()
            {
                Version = ManifestDocument.Version,
                Id = manifest.Id.ToString(),
                Attempt = manifest.Attempt,
                Name = manifest.Name,
                ContentType = manifest.ContentType,
                Folder = manifest.Folder,
                Description = manifest.Description,
                Tags = manifest.Tags,
                SizeBytes = manifest.SizeBytes,
                Sha256 = manifest.Sha256,
                LinkEpoch = manifest.LinkEpoch,
                Committed = manifest.Committed,
                Decision = manifest.Decision,
                Inspected = manifest.Inspected,
                Media = manifest.Media,
                PreparedContentType = manifest.PreparedContentType,
                PreparedLengthBytes = manifest.Plan.LengthBytes,
                Plan = manifest.Plan.ToString(),
                Key = manifest.Key,
                Chunks = manifest.Chunks,
                Companions = manifest.Companions.IsEmpty ? null : [.. manifest.Companions.Select(WrittenCompanion.From)],
            };

        public Manifest? ToManifest()
        {
            if (VideoId.TryParse(Id) is not { } id || ChunkPlan.TryParse(Plan) is not { } plan)
                return null;
            if (Attempt < 1 || LinkEpoch < 0 || !Fits(plan, PreparedLengthBytes, Key, Chunks))
                return null;
            if (!IsWhole(Tags) || !IsWhole(Inspected) || !IsWhole(Media) || ReadCompanions() is not { } companions)
                return null;
            return new Manifest
            {
                Id = id,
                Attempt = Attempt,
                Name = Name,
                SizeBytes = SizeBytes,
                Sha256 = Sha256,
                ContentType = ContentType,
                Folder = Folder,
                Tags = Tags,
                Description = Description,
                LinkEpoch = LinkEpoch,
                Committed = Committed,
                Decision = Decision,
                Inspected = Inspected,
                Media = Media,
                PreparedContentType = PreparedContentType,
                Plan = plan,
                Key = Key,
                Chunks = Chunks,
                Companions = companions,
            };
        }

        // Those of kinds that came later are passed over; those that are known must be right.
        ImmutableArray<ManifestCompanion>? ReadCompanions()
        {
            var companions = ImmutableArray.CreateBuilder<ManifestCompanion>();
            foreach (var written in Companions ?? [])
            {
                if (written is null)
                    return null;
                if (!Enum.TryParse<CompanionKind>(written.Kind, out var kind) || kind.ToString() != written.Kind)
                    continue;
                if (
                    written.ToCompanion(kind) is not { } companion
                    || companions.Any(other => other.Companion.Number == companion.Companion.Number)
                )
                    return null;
                companions.Add(companion);
            }

            companions.Sort((left, right) => left.Companion.Number.CompareTo(right.Companion.Number));
            return companions.DrainToImmutable();
        }
    }

    /// <summary>A companion in the JSON of FORMAT.md 5.1.</summary>
    internal sealed record WrittenCompanion
    {
        public required string Kind { get; init; }
        public required int Number { get; init; }
        public int Of { get; init; }
        public string Language { get; init; } = "";
        public string Name { get; init; } = "";
        public required string ContentType { get; init; }
        public required long LengthBytes { get; init; }
        public MediaSummary? Media { get; init; }
        public required string Plan { get; init; }
        public required WrappedKey Key { get; init; }
        public required ImmutableArray<ManifestChunk> Chunks { get; init; }

        public static WrittenCompanion From(ManifestCompanion manifest) =>
            new()
            {
                Kind = manifest.Companion.Kind.ToString(),
                Number = manifest.Companion.Number,
                Of = manifest.Companion.Of,
                Language = manifest.Companion.Language,
                Name = manifest.Companion.Name,
                ContentType = manifest.Companion.ContentType,
                LengthBytes = manifest.Companion.LengthBytes,
                Media = manifest.Companion.Media,
                Plan = manifest.Companion.Plan!.ToString(),
                Key = manifest.Companion.Key!,
                Chunks = manifest.Chunks,
            };

        public ManifestCompanion? ToCompanion(CompanionKind kind)
        {
            if (
                ChunkPlan.TryParse(Plan) is not { } plan
                || Number is < 1 or > Companion.MaxNumber
                || Of is < 0 or > Companion.MaxNumber
                || !IsWhole(Media)
                || !Fits(plan, LengthBytes, Key, Chunks)
            )
                return null;
            var companion = new Companion
            {
                Kind = kind,
                Number = Number,
                Of = Of,
                Language = Language,
                Name = Name,
                ContentType = ContentType,
                LengthBytes = LengthBytes,
                Media = Media,
                State = CompanionState.Stored,
                Plan = plan,
                Key = Key,
            };
            return new ManifestCompanion(companion, Chunks);
        }
    }

    static bool IsWhole(MediaSummary? media) =>
        media is null || (IsWhole(media.Tracks) && (media.Chapters is not { } chapters || IsWhole(chapters)));

    // JSON may hold null in the place of a list, and in a list of anything.
    static bool IsWhole<T>(ImmutableArray<T> list)
        where T : class => !list.IsDefault && !list.Contains(null!);

    static bool Fits(ChunkPlan plan, long lengthBytes, WrappedKey key, ImmutableArray<ManifestChunk> chunks)
    {
        if (
            !IsWhole(chunks)
            || plan.LengthBytes != lengthBytes
            || plan.Count != chunks.Length
            || key.Sealed.Length != VaultKey.WrappedBytes
        )
            return false;
        for (var index = 0; index < chunks.Length; index++)
        {
            var sealedLength = SealedChunk.SealedLength(plan[index].LengthBytes);
            if (chunks[index] is not { Salt.Length: SealedChunk.SaltBytes, Copies: { IsDefaultOrEmpty: false } copies })
                return false;
            if (copies.Any(copy => copy?.SealedLengthBytes != sealedLength))
                return false;
        }

        return true;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(FiniteNumber)]
)]
[JsonSerializable(typeof(ManifestDocument.Written))]
sealed partial class ManifestJson : JsonSerializerContext;

/// <summary>JSON can say numbers that are too large to be one, and none of ours is infinite.</summary>
sealed class FiniteNumber : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
