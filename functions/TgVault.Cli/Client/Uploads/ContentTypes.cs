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

    /// <summary>What a file of this name holds by what its ending says, where that is another kind of film or music than this one; null
    /// where its ending fits, or says nothing.</summary>
    public static string? OtherThan(string contentType, string path) =>
        IsMedia(path) && Of(path) is var said && said != contentType && !IsSameContainer(said, contentType) ? said : null;

    // An MP4 of sound alone is often named .mp4, a QuickTime file is one for all who read MP4.
    static bool IsSameContainer(string one, string other) => Container(one) == Container(other);

    static string Container(string type) =>
        type switch
        {
            "video/mp4" or "audio/mp4" or "video/quicktime" or "video/3gpp" => "mp4",
            "video/webm" or "audio/webm" => "webm",
            _ => type,
        };

    public static string Of(string path) => Known.TryGetContentType(path, out var type) ? type : "application/octet-stream";
}
