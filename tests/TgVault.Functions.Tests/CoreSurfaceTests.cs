using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using TgVault.Core;
using TgVault.Functions.Ingest;
using TgVault.Web;

namespace TgVault.Functions.Tests;

/// <summary>
/// The core is internal but for what the other programs use. Read from what the compiler wrote: an assembly lists every foreign type
/// that it uses, also those that its source does not name.
/// </summary>
public sealed class CoreSurfaceTests
{
    /// <summary>Public although no other assembly lists them, and why.</summary>
    static readonly Dictionary<string, string> Exceptions = new()
    {
        ["ChunkReceipt"] = Row,
        ["ChunkSettings"] = Setting,
        ["Extent"] = Row,
        ["ReplicaSettings"] = Setting,
        ["TrackAction"] = Row,
        ["TrackTreatment"] = Row,
        ["VerifySettings"] = Setting,
        ["WrappedKey"] = Row,
        ["WebhookSettings"] = Setting,
        ["VaultTags"] = "Only constants, which the compiler copies into those that use them.",
    };

    const string Setting = "A section of VaultSettings, which is read by its public properties.";
    const string Row = "In the video's row as JSON, which is written from public properties.";

    [Fact]
    public void A_public_type_of_the_core_is_used_by_another_program()
    {
        var used = new[] { typeof(VaultWeb).Assembly, typeof(IngestInstances).Assembly, Assembly.Load("tgvault") }
            .SelectMany(TypesUsedBy)
            .ToHashSet(StringComparer.Ordinal);
        var unused = typeof(VideoId).Assembly.GetExportedTypes().Where(type => !type.IsNested && !used.Contains(type.FullName!));

        Assert.Contains(typeof(VideoId).FullName!, used);
        Assert.Equal(Exceptions.Keys.Order(), unused.Select(type => type.Name).Order());
    }

    static List<string> TypesUsedBy(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata
                .TypeReferences.Select(metadata.GetTypeReference)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"),
        ];
    }
}
