using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TgVault.Web.Http;
using TgVault.Web.Videos;

namespace TgVault.Web.Pages;

/// <summary>
/// The embed page of one link. What the player needs stands in it, and a file begins to load before the player's script is there; and so
/// does what other programs read of a page: oEmbed's discovery, Open Graph, Twitter's player card.
/// </summary>
/// <param name="playable">The video.</param>
/// <param name="root">What addresses begin with that are handed on, without a slash at the end.</param>
/// <param name="token">The link.</param>
/// <param name="query">The page's own parameters, which every address in it keeps.</param>
internal sealed class EmbedPage(PlayableView playable, string root, string token, QueryString query)
{
    // The size where nobody says one: what fits beside text, and the usual shape where there is no picture.
    public const int DefaultWidth = 640;
    const int DefaultHeight = 360;
    const int SoundHeight = 120;

    // Between them in the built page, as a comment: what loads the part of the player for HLS (App/build/embed-hints.js).
    const string HlsHint = "<!--hls ";
    const string HlsHintEnd = " hls-->";

    // JSON inside HTML: only the default encoder escapes what would end the element.
    static readonly JsonSerializerOptions Escaped = new(VaultJson.Options) { Encoder = JavaScriptEncoder.Default };

    string Url => $"{root}/embed/{token}{query}";

    // Players that cannot show the video because of where they are must not load any of it, and only the script knows of those.
    bool LoadsEarly => !playable.Limited;

    /// <summary>Whether it has an element that begins to load the file while the page is read, as far as it is told to load any.</summary>
    public bool LoadsFileEarly => LoadsEarly && playable.IsFile;

    /// <param name="template">The built page.</param>
    /// <param name="path">Where the vault lies, from the slash on.</param>
    /// <param name="parameters">What decides how much it loads by itself.</param>
    public string Write(string template, string path, EmbedParameters parameters)
    {
        var body = new StringBuilder();
        if (LoadsFileEarly)
            body.Append(Video(parameters));
        body.Append(
            CultureInfo.InvariantCulture,
            $"""<script type="application/json" id="playable">{JsonSerializer.Serialize(playable, Escaped)}</script>"""
        );
        // The part for HLS is larger than all else: what does not play at once goes without until somebody comes near it.
        if (LoadsEarly && !playable.IsFile && parameters.Preload == "auto")
            template = template.Replace(HlsHint, "", StringComparison.Ordinal).Replace(HlsHintEnd, Playlist, StringComparison.Ordinal);
        return template
            .Replace(PageRoutes.Base, $"""<base href="{Encode(path)}" />""", StringComparison.Ordinal)
            .Replace("<!--head-->", Head(), StringComparison.Ordinal)
            .Replace("<!--body-->", body.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The size of a frame for it, as large as fits into both.</summary>
    public (int Width, int Height) SizeWithin(int? maxWidth, int? maxHeight)
    {
        double width = Math.Min(maxWidth ?? DefaultWidth, 4096);
        if (playable is not { Width: > 0, Height: > 0 })
            return ((int)width, playable.Width == 0 ? Math.Min(SoundHeight, maxHeight ?? SoundHeight) : DefaultHeight);
        var shape = (double)playable.Height / playable.Width;
        // Tall videos would fill more than a page.
        double height = Math.Min(maxHeight ?? (int)(width * Math.Min(shape, 1)), 4096);
        var fitting = Math.Min(width, height / shape);
        return ((int)Math.Round(fitting), (int)Math.Round(fitting * shape));
    }

    /// <summary>The largest of these posters that fits into both, by an address of this link; null where none does.</summary>
    /// <param name="sizes">From small to large, with addresses below a link.</param>
    public PictureSizeView? PosterWithin(ImmutableArray<PictureSizeView> sizes, int? maxWidth, int? maxHeight) =>
        sizes.LastOrDefault(size => size.Width <= (maxWidth ?? int.MaxValue) && size.Height <= (maxHeight ?? int.MaxValue)) is { } size
            ? size with
            {
                Url = AddressOf(size.Url),
            }
            : null;

    /// <summary>What a page is given to show the player in.</summary>
    public string Frame(int width, int height) =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"""
                <iframe src="{Encode(Url)}" width="{width}" height="{height}" title="{Encode(playable.Title)}" frameborder="0" 
                """
            )
            .TrimEnd('\n')
        + """allow="autoplay; encrypted-media; fullscreen; picture-in-picture" referrerpolicy="strict-origin-when-cross-origin" """
        + "allowfullscreen></iframe>";

    /// <summary>What the player's script finds and takes for its own.</summary>
    string Video(EmbedParameters parameters)
    {
        var muted = parameters.IsMuted ? " muted" : "";
        // Where it plays at once its first picture is as near as its poster: both come from the channel, and would share the way.
        var own = playable.Poster is { } name && !parameters.Plays ? playable.Base + name : null;
        var address = parameters.Poster?.AbsoluteUri ?? own;
        var poster = address is null ? "" : $" poster=\"{Encode(address)}\"";
        return $"""<video src="{Encode(playable.Base + playable.Source)}" preload="{parameters.Preload}"{poster}{muted} """
            + """crossorigin="anonymous" playsinline></video>""";
    }

    /// <summary>What the script asks for first, where it plays HLS.</summary>
    string Playlist => $"""<link rel="preload" as="fetch" crossorigin="anonymous" href="{Encode(playable.Base + playable.Source)}" />""";

    string Head()
    {
        var (width, height) = SizeWithin(null, null);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"<title>{Encode(playable.Title)}</title>\n");
        head.Append(
            CultureInfo.InvariantCulture,
            $"""<link rel="alternate" type="application/json+oembed" href="{Encode(OEmbed)}" title="{Encode(playable.Title)}" />"""
        );
        head.Append('\n');
        Property("og:type", "video.other");
        Property("og:site_name", "TgVault");
        Property("og:title", playable.Title);
        Property("og:url", Url);
        // A player in a page for those who can show one, the file for those who cannot.
        Property("og:video", Url);
        if (Url.StartsWith("https:", StringComparison.Ordinal))
            Property("og:video:secure_url", Url);
        Property("og:video:type", "text/html");
        Property("og:video:width", width.ToString(CultureInfo.InvariantCulture));
        Property("og:video:height", height.ToString(CultureInfo.InvariantCulture));
        if (playable.Poster is { } poster)
        {
            Property("og:image", AddressOf(poster));
            Name("twitter:image", AddressOf(poster));
        }

        Name("twitter:card", "player");
        Name("twitter:title", playable.Title);
        Name("twitter:player", Url);
        Name("twitter:player:width", width.ToString(CultureInfo.InvariantCulture));
        Name("twitter:player:height", height.ToString(CultureInfo.InvariantCulture));
        return head.ToString();

        void Property(string name, string value) => head.Append($"""<meta property="{name}" content="{Encode(value)}" />""").Append('\n');
        void Name(string name, string value) => head.Append($"""<meta name="{name}" content="{Encode(value)}" />""").Append('\n');
    }

    string AddressOf(string picture) => $"{root}/v/{token}/{picture}";

    string OEmbed => $"{root}/api/oembed?format=json&url={Uri.EscapeDataString(Url)}";

    static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
