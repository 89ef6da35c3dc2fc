using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace TgVault.Web.Pages;

/// <summary>One file of the built web app.</summary>
/// <param name="ContentType">What it is served as.</param>
/// <param name="ETag">Of its content, quotes included.</param>
/// <param name="Open">Its bytes by coding: <c>br</c>, <c>gzip</c>, or empty for the file as it is.</param>
internal sealed record AppFile(string ContentType, string ETag, FrozenDictionary<string, Func<Stream>> Open);

/// <summary>
/// The web app as Vite built it (App/dist), embedded in this assembly; empty where the assembly was built without it. Texts are in it in
/// up to three codings.
/// </summary>
internal sealed class AppFiles
{
    const string Prefix = "app/";

    static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".webmanifest"] = "application/manifest+json",
    }.ToFrozenDictionary();

    static readonly (string Extension, string Coding)[] Codings = [(".br", "br"), (".gz", "gzip")];

    readonly Assembly _assembly = typeof(AppFiles).Assembly;
    readonly FrozenDictionary<string, AppFile> _files;

    public AppFiles()
    {
        var names = _assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet();
        _files = names
            .Where(name => Types.ContainsKey(Path.GetExtension(name)))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Read(name, names));
        Index = FindPage("index.html");
        Embed = FindPage("embed.html");
        Reference = FindPage("reference.html");
    }

    /// <summary>The app's page; null where there is none.</summary>
    public string? Index { get; }

    /// <summary>The template of the page that other sites embed; null where there is none.</summary>
    public string? Embed { get; }

    /// <summary>The page that shows the API's description; null where there is none.</summary>
    public string? Reference { get; }

    /// <summary>The file at this path below the app's folder; null where there is none.</summary>
    public AppFile? Find(string path) => _files.GetValueOrDefault(path);

    AppFile Read(string name, HashSet<string> names)
    {
        using var content = Open(name);
        var codings = Codings
            .Where(coding => names.Contains(name + coding.Extension))
            .Select(coding => KeyValuePair.Create(coding.Coding, () => Open(name + coding.Extension)))
            .Append(KeyValuePair.Create("", () => Open(name)));
        return new AppFile(Types[Path.GetExtension(name)], TagOf(SHA256.HashData(content)), codings.ToFrozenDictionary());
    }

    string? FindPage(string name)
    {
        using var content = _assembly.GetManifestResourceStream(Prefix + name);
        return content is null ? null : new StreamReader(content, Encoding.UTF8).ReadToEnd();
    }

    Stream Open(string name) =>
        _assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"bug: {name} is not in the assembly");

    /// <summary>A validator for content with this hash.</summary>
    public static string TagOf(ReadOnlySpan<byte> hash) => $"\"{Convert.ToHexStringLower(hash[..12])}\"";
}
