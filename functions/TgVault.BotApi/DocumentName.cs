using System.Text;

namespace TgVault.BotApi;

/// <summary>What Telegram makes of a file's name (TDLib filesystem.cpp): percent signs decoded, stem at most 64 and extension at most 16 characters, no special ones.</summary>
static class DocumentName
{
    const int MaxStem = 64;
    const int MaxExtension = 16;

    public static string Clean(string name)
    {
        var decoded = Uri.UnescapeDataString(name);
        decoded = decoded[(decoded.LastIndexOfAny(['/', '\\']) + 1)..];
        var dot = decoded.LastIndexOf('.');
        var stem = Part(dot < 0 ? decoded : decoded[..dot], MaxStem);
        var extension = dot < 0 ? "" : Part(decoded[(dot + 1)..], MaxExtension);
        if (stem.Length == 0) stem = "file";
        return extension.Length == 0 ? stem : $"{stem}.{extension}";
    }

    /// <summary>By the extension alone: the part's own Content-Type is ignored (TDLib MessageContent.cpp).</summary>
    public static string MimeType(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".MP4" => "video/mp4",
        ".MKV" => "video/x-matroska",
        ".WEBM" => "video/webm",
        ".TXT" => "text/plain",
        ".JSON" => "application/json",
        ".ZIP" => "application/zip",
        _ => "application/octet-stream",
    };

    static string Part(string part, int longest)
    {
        var kept = new StringBuilder();
        var count = 0;
        foreach (var rune in part.EnumerateRunes())
        {
            if (count == longest) break;
            if (Rune.IsControl(rune)) continue;
            kept.Append("<>:\"/\\|?*&`'".Contains(rune.ToString(), StringComparison.Ordinal) ? " " : rune.ToString());
            count++;
        }

        return kept.ToString().Trim(' ', '.');
    }
}
