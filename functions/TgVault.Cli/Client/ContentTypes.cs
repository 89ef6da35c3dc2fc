using Microsoft.AspNetCore.StaticFiles;

namespace TgVault.Cli.Client;

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
        },
    };

    public static string Of(string path) => Known.TryGetContentType(path, out var type) ? type : "application/octet-stream";
}
