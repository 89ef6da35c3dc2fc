using System.Collections.Frozen;

namespace TgVault.Core.Playback;

/// <summary>Language tags for players (BCP 47), which want the shortest code there is, from the three letters that MP4 stores (ISO 639-2, of either kind).</summary>
static class LanguageTag
{
    static readonly FrozenDictionary<string, string> Short = (
        "alb sq sqi sq ara ar arm hy hye hy baq eu eus eu bel be ben bn bos bs bul bg bur my mya my cat ca chi zh zho zh hrv hr cze cs ces cs dan da dut nl nld nl "
        + "eng en est et fin fi fre fr fra fr geo ka kat ka ger de deu de gre el ell el heb he hin hi hun hu ice is isl is ind id gle ga ita it jpn ja kaz kk khm km "
        + "kor ko lav lv lit lt mac mk mkd mk may ms msa ms mar mr mon mn nor no nob nb nno nn per fa fas fa pol pl por pt pan pa rum ro ron ro rus ru srp sr "
        + "slo sk slk sk slv sl spa es swa sw swe sv tgl tl tam ta tel te tha th tur tr ukr uk urd ur uzb uz vie vi wel cy cym cy")
        .Split(' ').Chunk(2).ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Null for <c>und</c>.</summary>
    public static string? From(string language) => language is "und" or "" ? null : Short.GetValueOrDefault(language, language);
}
