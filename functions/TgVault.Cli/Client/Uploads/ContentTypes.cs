using Microsoft.AspNetCore.StaticFiles;

namespace TgVault.Cli.Client.Uploads;

/// <summary>What a file says it is, by its name; ingest looks inside and decides for itself.</summary>
static class ContentTypes
{
    static readonly FileExtensionContentTypeProvider Known = new(new FileExtensionContentTypeProvider().Mappings)
    {
        Mappings =
        {
            [".mkv"] = "video/x-matroska",
            [".m4v"] = "video/mp4",
            [".webm"] = "video/webm",
            [".ts"] = "video/mp2t",
            [".mts"] = "video/mp2t",
            [".m2ts"] = "video/mp2t",
            [".flac"] = "audio/flac",
            [".opus"] = "audio/ogg",
        },
    };

    // Neither by their types, both by what people keep in them.
    static readonly HashSet<string> Others = new(
        [".ogg", ".ogm", ".rm", ".rmvb", ".vob", ".mxf", ".dv", ".mka"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether it is a film or music by its name.</summary>
    public static bool IsMedia(string path) =>
        Others.Contains(Path.GetExtension(path))
        || Of(path) is var type
            && (type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal));

    public static string Of(string path) => Known.TryGetContentType(path, out var type) ? type : "application/octet-stream";
}
