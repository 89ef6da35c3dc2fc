using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace TgVault.Core.Videos;

/// <summary>
/// Language tags for players (BCP 47, RFC 5646), which want the shortest code there is. They are made of what people write, and of the
/// three letters that MP4 and Matroska store (ISO 639-2, of either kind).
/// </summary>
public static partial class LanguageTag
{
    /// <summary>What is not told.</summary>
    public const string Undetermined = "und";

    /// <summary>Room for every tag that is not made up on purpose (RFC 5646 §4.4.1), in characters.</summary>
    public const int MaxLength = 35;

    // Where two names of three letters stand for one language, the later is ISO 639-2/T's.
    static readonly (string Three, string Two)[] Names =
    [
        .. (
            "alb sq sqi sq ara ar arm hy hye hy baq eu eus eu bel be ben bn bos bs bul bg bur my mya my cat ca chi zh zho zh hrv hr "
            + "cze cs ces cs dan da dut nl nld nl eng en est et fin fi fre fr fra fr geo ka kat ka ger de deu de gre el ell el heb he "
            + "hin hi hun hu ice is isl is ind id gle ga ita it jpn ja kaz kk khm km kor ko lav lv lit lt mac mk mkd mk may ms msa ms "
            + "mar mr mon mn nor no nob nb nno nn per fa fas fa pol pl por pt pan pa rum ro ron ro rus ru srp sr slo sk slk sk slv sl "
            + "spa es swa sw swe sv tgl tl tam ta tel te tha th tur tr ukr uk urd ur uzb uz vie vi wel cy cym cy"
        )
            .Split(' ')
            .Chunk(2)
            .Select(pair => (pair[0], pair[1])),
    ];

    static readonly FrozenDictionary<string, string> Short = Names.ToFrozenDictionary(name => name.Three, name => name.Two);

    static readonly FrozenDictionary<string, string> Long = Names
        .GroupBy(name => name.Two)
        .ToFrozenDictionary(names => names.Key, names => names.Last().Three);

    /// <summary>Null for <c>und</c>.</summary>
    public static string? From(string language) => language is "und" or "" ? null : Short.GetValueOrDefault(language, language);

    /// <summary>The language of a tag as MP4 and Matroska store it (ISO 639-2/T); <c>und</c> where it has no such name.</summary>
    public static string ToThreeLetters(string tag) =>
        tag.Split('-')[0] is var language && language.Length == 3 ? language : Long.GetValueOrDefault(language, Undetermined);

    /// <summary>
    /// The tag in the form it is written and compared in (RFC 5646 §2.1.1, §4.5: shortest language code). Null where the text is not
    /// well-formed (§2.2.9).
    /// </summary>
    public static string? Parse(string text)
    {
        if (text.Length > MaxLength || !WellFormed().IsMatch(text))
            return null;
#pragma warning disable CA1308 // Lower case is the form that the RFC asks for.
        var parts = text.ToLowerInvariant().Split('-');
#pragma warning restore CA1308
        parts[0] = Short.GetValueOrDefault(parts[0], parts[0]);
        for (var i = 1; i < parts.Length && parts[i - 1].Length > 1; i++)
        {
            if (parts[i].Length == 2)
                parts[i] = parts[i].ToUpperInvariant();
            else if (parts[i].Length == 4 && char.IsAsciiLetter(parts[i][0]))
                parts[i] = char.ToUpperInvariant(parts[i][0]) + parts[i][1..];
        }

        return string.Join('-', parts);
    }

    // langtag and privateuse of RFC 5646 §2.1; the irregular tags of old all have regular ones.
    [GeneratedRegex(
        @"\A(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
            + "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
            + "(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
            + @"(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex WellFormed();
}
