using System.Collections.Immutable;
using System.Text;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// What a track is in: elng, a tag of BCP 47 (ISO 14496-12 §8.4.6), or else mdhd, three letters of ISO 639-2 (§8.4.2.3), or QuickTime's
/// own numbers, which are lower than any three letters (QuickTime File Format, "Language Code Values").
/// </summary>
static class MediaLanguage
{
    // Letters make 0x421 at the least.
    const int FirstPacked = 0x400;

    // By number from 0. An empty entry is a number without a language of its own.
    static readonly ImmutableArray<string> QuickTime =
    [
        .. (
            "eng fra deu ita nld swe spa dan por nor heb jpn ara fin ell isl mlt tur hrv zho urd hin tha kor "
            + "lit pol hun est lav smi fao fas rus zho nld gle sqi ron ces slk slv yid srp mkd bul ukr bel uzb "
            + "kaz aze aze hye kat ron kir tgk tuk mon mon pus kur kas snd bod nep san mar ben asm guj "
            + "pan ori mal kan tam tel sin mya khm lao vie ind tgl msa msa amh tir orm som swa kin run "
            + "nya mlg epo"
        ).Split(' '),
    ];

    // Welsh and those behind it have numbers from 128 on.
    static readonly ImmutableArray<string> LaterQuickTime =
    [
        .. "cym eus cat lat que grn aym tat uig dzo jav sun glg afr bre iku gla glv gle ton ell kal aze".Split(' '),
    ];

    /// <summary>What mdhd's number stands for; <c>und</c> where it stands for none.</summary>
    public static string OfNumber(ushort number)
    {
        const int firstLater = 128;
        if (number < FirstPacked)
            return number < QuickTime.Length ? QuickTime[number]
                : number >= firstLater && number - firstLater < LaterQuickTime.Length ? LaterQuickTime[number - firstLater]
                : LanguageTag.Undetermined;
        Span<char> letters = stackalloc char[3];
        for (var i = 0; i < 3; i++)
            letters[i] = (char)(((number >> (10 - (5 * i))) & 31) + 0x60);
        return letters.ContainsAnyExceptInRange('a', 'z') ? LanguageTag.Undetermined : new string(letters);
    }

    /// <summary>The language of a track.</summary>
    /// <param name="mdia">The payload of its mdia, where elng lies.</param>
    /// <param name="number">What its mdhd says.</param>
    public static string Of(ReadOnlyMemory<byte> mdia, ushort number)
    {
        var told = OfNumber(number);
        if (TrackBox.Find(mdia, BoxType.Elng) is not { } elng || OfTag(elng.Span) is not { } tag)
            return told;
        // Three letters for the same are as good, and are what more players read.
        return LanguageTag.From(told) == tag ? told : tag;
    }

    static string? OfTag(ReadOnlySpan<byte> elng)
    {
        const int versionBytes = 4;
        if (elng.Length <= versionBytes)
            return null;
        var text = elng[versionBytes..];
        var end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        return text.Length <= LanguageTag.MaxLength ? LanguageTag.Parse(Encoding.ASCII.GetString(text)) : null;
    }
}
