using Microsoft.AspNetCore.StaticFiles;

namespace TgVault.BotApi.Store;

/// <summary>File names as Telegram cleans them, and the type it reads from the extension (the part's own Content-Type is
/// ignored).</summary>
static class DocumentName
{
    const int MostStem = 64;
    const int MostExtension = 16;

    static readonly FileExtensionContentTypeProvider Types = new();

    public static string Clean(string name)
    {
        name = Unescape(name);
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var spaced = new string([
            .. name.Select(character =>
                char.IsControl(character) || "<>:\"|?*&`'".Contains(character, StringComparison.Ordinal) ? ' ' : character
            ),
        ]);
        var dot = spaced.LastIndexOf('.');
        var (stem, extension) = dot > 0 ? (spaced[..dot], spaced[(dot + 1)..]) : (spaced, "");
        stem = Cut(stem.Trim(' ', '.'), MostStem).Trim(' ', '.');
        extension = Cut(extension.Trim(' ', '.'), MostExtension).Trim(' ', '.');
        if (stem.Length == 0)
            stem = "file";
        return extension.Length == 0 ? stem : $"{stem}.{extension}";
    }

    public static string MimeOf(string name) => Types.TryGetContentType(name, out var type) ? type : "application/octet-stream";

    static string Unescape(string name) => name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name;

    static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        return char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)] : text[..most];
    }
}
