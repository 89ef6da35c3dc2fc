using System.Collections.Immutable;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Tests.Crypto;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

public sealed class ManifestTests
{
    static readonly DateTimeOffset Committed = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_video_and_its_chunk_records_come_back_from_the_sealed_manifest()
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var plan = ChunkPlan.TryParse("2x65536,1x77")!;
        var video = NewVideo(plan, keys.Current);
        var records = NewRecords(plan);

        var document = ManifestDocument.Seal(Manifest.Of(video, records, Committed), keys.Current);
        var manifest = ManifestDocument.Open(document, keys);
        var receipt = Receipt(900, document.Length);
        var restored = manifest.ToVideo(receipt);

        Assert.Equal(
            (
                video.Id,
                video.Details.Name,
                video.Upload.SizeBytes,
                video.Upload.Sha256,
                video.Upload.ContentType,
                video.Details.Folder,
                video.Details.Description,
                video.Life.Attempt
            ),
            (
                restored.Id,
                restored.Details.Name,
                restored.Upload.SizeBytes,
                restored.Upload.Sha256,
                restored.Upload.ContentType,
                restored.Details.Folder,
                restored.Details.Description,
                restored.Life.Attempt
            )
        );
        Assert.Equal(video.Details.Tags.ToArray(), restored.Details.Tags.ToArray());
        Assert.Equal(video.Inspection.Decision, restored.Inspection.Decision);
        Assert.Equal(video.Inspection.Media!.Tracks[0], restored.Inspection.Media!.Tracks[0]);
        Assert.Equal(video.Files.Prepared!.Media!.Tracks[0], restored.Files.Prepared!.Media!.Tracks[0]);
        Assert.Equal((plan.LengthBytes, "video/mp4"), (restored.Files.Prepared.LengthBytes, restored.Files.Prepared.ContentType));
        Assert.Equal(
            (VideoStatus.Ready, IngestStage.Done, Committed, receipt),
            (restored.Life.Status, restored.Life.Stage, restored.Updated, restored.Manifests.Newest)
        );
        Assert.Equal(plan, restored.Files.Plan);
        using var dataKey = keys.Current.Unwrap(restored.Files.Key!, manifest.Binding);
        Assert.Equal(CryptoSamples.Bytes(32, 1), dataKey.Bytes.ToArray());
        Assert.Equal(records.Select(Flat), manifest.ToChunkRecords().Select(Flat));
    }

    [Fact]
    public void Companions_come_back_with_their_keys_and_chunks()
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var video = WithCompanions(NewVideo(ChunkPlan.TryParse("2x65536,1x77")!, keys.Current), keys);
        var records = NewRecords(video);

        var document = ManifestDocument.Seal(Manifest.Of(video, records, Committed), keys.Current);
        var manifest = ManifestDocument.Open(document, keys);
        var restored = manifest.ToVideo(Receipt(900, document.Length));

        // The one that waits and the one that failed are not stored.
        Assert.Equal([1, 2, 9_999], restored.Files.Companions.Select(companion => companion.Number));
        Assert.Equal(9_999, restored.Files.LastCompanion);
        foreach (var companion in restored.Files.Companions)
        {
            var expected = video.Files.Companions.Single(other => other.Number == companion.Number);
            Assert.Equal(expected with { Key = null, Extents = [] }, companion with { Key = null, Extents = [] });
            using var dataKey = keys.UnwrapFor(restored.FileOf(companion.Number)!);
            Assert.Equal(CryptoSamples.Bytes(32, (byte)companion.Number), dataKey.Bytes.ToArray());
        }

        Assert.Equal(records.Select(Flat), manifest.ToChunkRecords().Select(Flat));
        Assert.Equal([0, 1, 2, 100_000, 200_000, 200_001, 999_900_000], manifest.ToChunkRecords().Select(record => record.Number.Value));
    }

    /// <summary>The files are the text inside of documents as they were first stored:
    /// what they say must be understood, and written, the same for ever.</summary>
    [Theory]
    [InlineData("manifest")]
    [InlineData("manifest-companions")]
    public void What_stored_manifests_say_is_read_and_written_the_same(string name)
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var stored = File.ReadAllText(Vectors.PathOf(name)).TrimEnd();

        var manifest = ManifestDocument.Open(
            SealedDocument.Seal(DocumentKind.Manifest, Gzip(System.Text.Encoding.UTF8.GetBytes(stored)), keys.Current),
            keys
        );
        var written = Ungzip(SealedDocument.Open(DocumentKind.Manifest, ManifestDocument.Seal(manifest, keys.Current), keys));

        Assert.Equal(stored, written);
        Assert.Equal(name == "manifest" ? [] : new[] { 1, 2, 9_999 }, manifest.Companions.Select(companion => companion.Companion.Number));
        using var dataKey = keys.Current.Unwrap(manifest.Key, manifest.Binding);
        Assert.Equal(CryptoSamples.Bytes(32, 1), dataKey.Bytes.ToArray());
    }

    [Fact]
    public void Companions_of_kinds_that_came_later_are_passed_over()
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var stored = File.ReadAllText(Vectors.PathOf("manifest-companions"))
            .Replace("\"Rendition\"", "\"Hologram\"", StringComparison.Ordinal);

        var manifest = ManifestDocument.Open(
            SealedDocument.Seal(DocumentKind.Manifest, Gzip(System.Text.Encoding.UTF8.GetBytes(stored)), keys.Current),
            keys
        );

        Assert.Equal([1, 9_999], manifest.Companions.Select(companion => companion.Companion.Number));
    }

    [Theory]
    [InlineData("two of one number")]
    [InlineData("number 0")]
    [InlineData("number too large")]
    [InlineData("a chunk is missing")]
    [InlineData("another length")]
    [InlineData("short key")]
    public void A_companion_that_cannot_be_is_refused(string what)
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var video = WithCompanions(NewVideo(ChunkPlan.TryParse("1x77")!, keys.Current), keys);
        var good = Manifest.Of(video, NewRecords(video), Committed);
        var (first, companion) = (good.Companions[1], good.Companions[1].Companion);
        var bad = what switch
        {
            "two of one number" => first with { Companion = companion with { Number = 1 } },
            "number 0" => first with { Companion = companion with { Number = 0 } },
            "number too large" => first with { Companion = companion with { Number = Companion.MaxNumber + 1 } },
            "a chunk is missing" => first with { Chunks = first.Chunks[..1] },
            "another length" => first with { Companion = companion with { LengthBytes = companion.LengthBytes + 1 } },
            _ => first with { Companion = companion with { Key = new WrappedKey(1, new byte[79]) } },
        };

        Assert.Throws<IntegrityException>(() =>
            ManifestDocument.Open(ManifestDocument.Seal(good with { Companions = good.Companions.SetItem(1, bad) }, keys.Current), keys)
        );
    }

    [Fact]
    public void Records_that_do_not_tile_a_companion_make_no_manifest()
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var video = WithCompanions(NewVideo(ChunkPlan.TryParse("1x77")!, keys.Current), keys);
        var records = NewRecords(video);

        Assert.Throws<InvalidOperationException>(() => Manifest.Of(video, records[..^1], Committed));
        Assert.Throws<InvalidOperationException>(() => Manifest.Of(video, records.Add(records[^1]), Committed));
        Assert.Throws<InvalidOperationException>(() =>
            Manifest.Of(video, records.SetItem(1, records[1] with { Number = new ChunkNumber(100_001) }), Committed)
        );
    }

    [Fact]
    public void The_master_secret_alone_opens_a_manifest()
    {
        using var key = MasterKey.Make("a master secret for tests", 1, new VaultKeyCost(64, 1));
        var plan = ChunkPlan.TryParse("1x77")!;
        var document = ManifestDocument.Seal(Manifest.Of(NewVideo(plan, key), NewRecords(plan), Committed), key);

        Assert.Equal("holiday.mkv", ManifestDocument.Open(document, "a master secret for tests").Name);
    }

    [Theory]
    [InlineData(32_768, 16 << 20)]
    [InlineData(65_540, 16 << 20)]
    [InlineData(100_000, 65_536)]
    public void A_manifest_of_very_many_chunks_fits_into_one_document(int chunks, int size)
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var plan = ChunkPlan.FromRuns([new ChunkRun(chunks, size)]);

        var document = ManifestDocument.Seal(Manifest.Of(NewVideo(plan, keys.Current), NewRecords(plan), Committed), keys.Current);

        Assert.InRange(document.Length, 1, SealedDocument.MaxBytes);
        Assert.Equal(chunks, ManifestDocument.Open(document, keys).Chunks.Length);
    }

    [Fact]
    public void Records_that_do_not_tile_the_plan_make_no_manifest()
    {
        using var key = CryptoSamples.VaultKey();
        var plan = ChunkPlan.TryParse("2x65536,1x77")!;
        var records = NewRecords(plan);

        Assert.Throws<InvalidOperationException>(() => Manifest.Of(NewVideo(plan, key), records[..2], Committed));
        Assert.Throws<InvalidOperationException>(() => Manifest.Of(NewVideo(plan, key), records.Reverse(), Committed));
        Assert.Throws<InvalidOperationException>(() =>
            Manifest.Of(NewVideo(plan, key), [records[0], records[1], records[2] with { LengthBytes = 78 }], Committed)
        );
    }

    [Theory]
    [InlineData("a chunk is missing")]
    [InlineData("no copy")]
    [InlineData("short salt")]
    [InlineData("another length")]
    [InlineData("short key")]
    public void A_manifest_that_says_what_cannot_be_is_refused(string what)
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var plan = ChunkPlan.TryParse("2x65536,1x77")!;
        var good = Manifest.Of(NewVideo(plan, keys.Current), NewRecords(plan), Committed);
        var bad = what switch
        {
            "a chunk is missing" => good with { Chunks = good.Chunks[..2] },
            "no copy" => good with { Chunks = good.Chunks.SetItem(1, good.Chunks[1] with { Copies = [] }) },
            "short salt" => good with { Chunks = good.Chunks.SetItem(1, good.Chunks[1] with { Salt = new byte[31] }) },
            "another length" => good with { Chunks = good.Chunks.SetItem(1, good.Chunks[2]) },
            _ => good with { Key = new WrappedKey(1, new byte[79]) },
        };

        Assert.Throws<IntegrityException>(() => ManifestDocument.Open(ManifestDocument.Seal(bad, keys.Current), keys));
    }

    [Theory]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":1}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    public void What_is_no_manifest_of_a_known_version_is_refused(string json)
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var document = SealedDocument.Seal(DocumentKind.Manifest, Gzip(System.Text.Encoding.UTF8.GetBytes(json)), keys.Current);

        Assert.Throws<IntegrityException>(() => ManifestDocument.Open(document, keys));
    }

    [Fact]
    public void What_is_not_packed_or_unpacks_without_end_is_refused()
    {
        using var keys = new KeyRing([CryptoSamples.VaultKey()]);
        var spaces = new byte[PackedJson.MaxBytes + 1];
        spaces.AsSpan().Fill((byte)' ');

        Assert.Throws<IntegrityException>(() =>
            ManifestDocument.Open(SealedDocument.Seal(DocumentKind.Manifest, "plain"u8, keys.Current), keys)
        );
        Assert.Throws<IntegrityException>(() =>
            ManifestDocument.Open(SealedDocument.Seal(DocumentKind.Manifest, Gzip(spaces), keys.Current), keys)
        );
    }

    internal static Video NewVideo(ChunkPlan plan, VaultKey key)
    {
        using var dataKey = CryptoSamples.DataKey();
        var media = new MediaSummary
        {
            Container = "matroska,webm",
            DurationSeconds = 12.5,
            Tracks =
            [
                new MediaTrack
                {
                    Index = 0,
                    Kind = MediaTrackKind.Video,
                    Codec = "h264",
                    Width = 1920,
                    Height = 1080,
                    FrameRate = 23.976,
                },
            ],
        };
        return new Video
        {
            Id = CryptoSamples.Video,
            Details = new VideoDetails
            {
                Name = "holiday.mkv",
                Folder = "trips/2029",
                Tags = ["sea", "été"],
                Description = "two\nlines",
            },
            Upload = new VideoUpload
            {
                SizeBytes = 1234567,
                ContentType = "video/x-matroska",
                Sha256 = new string('5', 64),
            },
            Life = VideoLife.Announced.With(status: VideoStatus.Ingesting, attempt: 1),
            Inspection = new VideoInspection
            {
                Decision = new MediaDecision(MediaAction.Remux, "Matroska does not play in browsers."),
                Media = media,
            },
            Files = new VideoFiles
            {
                Prepared = new PreparedFile
                {
                    Extents = [],
                    LengthBytes = plan.LengthBytes,
                    ContentType = "video/mp4",
                    Media = media with { MoovOffset = 32 },
                },
                Plan = plan,
                Key = key.Wrap(dataKey, new KeyBinding(CryptoSamples.Video, 1, plan.LengthBytes, plan.ToString())),
            },
        };
    }

    internal static Video WithCompanions(Video video, KeyRing keys)
    {
        return video with
        {
            Files = video.Files with
            {
                Companions =
                [
                    New(1, CompanionKind.Index, "1x500") with
                    {
                        ContentType = "application/octet-stream",
                    },
                    New(2, CompanionKind.Rendition, "1x65536,1x99") with
                    {
                        ContentType = "video/mp4",
                        Name = "720p",
                        Media = new MediaSummary { Container = "mov,mp4", DurationSeconds = 12.5 },
                    },
                    New(5, CompanionKind.Captions, "1x7") with
                    {
                        State = CompanionState.Waiting,
                    },
                    New(6, CompanionKind.Captions, "1x7") with
                    {
                        State = CompanionState.Failed,
                        Failure = "No.",
                    },
                    New(9_999, CompanionKind.Captions, "1x1") with
                    {
                        Language = "de",
                        Name = "Für Gehörlose",
                    },
                ],
                LastCompanion = 9_999,
            },
        };

        Companion New(int number, CompanionKind kind, string text)
        {
            var plan = ChunkPlan.TryParse(text)!;
            using var dataKey = CryptoSamples.DataKey((byte)number);
            var key = keys.Current.Wrap(
                dataKey,
                new KeyBinding(video.Id, video.Life.Attempt, plan.LengthBytes, text),
                CryptoSamples.Salt((byte)number)
            );
            return new Companion
            {
                Kind = kind,
                Number = number,
                ContentType = "text/vtt",
                LengthBytes = plan.LengthBytes,
                State = CompanionState.Stored,
                Plan = plan,
                Key = key,
            };
        }
    }

    /// <summary>Of the prepared file and all stored companions.</summary>
    internal static ImmutableArray<ChunkRecord> NewRecords(Video video) =>
        [
            .. video
                .FilesOf(CompanionState.Stored)
                .SelectMany(file => NewRecords(file.Plan).Select(record => record with { Number = file.NumberOf(record.Number.Value) })),
        ];

    /// <summary>Records as real ones: salts and file ids do not compress.</summary>
    internal static ImmutableArray<ChunkRecord> NewRecords(ChunkPlan plan)
    {
        var random = new Random(1);
        var records = ImmutableArray.CreateBuilder<ChunkRecord>(plan.Count);
        for (var index = 0; index < plan.Count; index++)
        {
            var salt = new byte[32];
            var file = new byte[54];
            random.NextBytes(salt);
            random.NextBytes(file);
            var length = plan[index].LengthBytes;
            var receipt = new ChunkReceipt(
                1234567890,
                -1001234567890,
                index + 2,
                "BQACAg" + Convert.ToBase64String(file),
                Convert.ToBase64String(file.AsSpan(0, 12)),
                SealedChunk.SealedLength(length)
            );
            records.Add(new ChunkRecord(new ChunkNumber(index), length, salt, receipt));
        }

        return records.MoveToImmutable();
    }

    static ChunkReceipt Receipt(int message, int length) => new(1, -100, message, "file", "unique", length);

    static (ChunkNumber, int, string, ChunkReceipt) Flat(ChunkRecord chunk) =>
        (chunk.Number, chunk.LengthBytes, Convert.ToHexString(chunk.Salt.Span), chunk.Receipt);

    static string Ungzip(byte[] packed)
    {
        using var reader = new StreamReader(
            new System.IO.Compression.GZipStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress)
        );
        return reader.ReadToEnd();
    }

    static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(plain);
        return packed.ToArray();
    }
}
