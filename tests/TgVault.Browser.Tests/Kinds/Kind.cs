namespace TgVault.Browser.Tests.Kinds;

/// <summary>
/// A kind of upload that is called playable, with a clip of it and what a player must show of that. Each picture says its number in eight
/// stripes, dark or light, the lowest bit at the left; each sound is one tone.
/// </summary>
/// <param name="Name">Also the clip's file name.</param>
/// <param name="Recipe">ffmpeg's arguments; {0} stands for the file to write, {1} for the plain clip.</param>
sealed record Kind(string Name, string Recipe)
{
    /// <summary>Pictures a second; 0 where it has sound only.</summary>
    public double Rate { get; init; } = 25;

    /// <summary>When that is shown, in seconds.</summary>
    public double StartsAt { get; init; }

    /// <summary>
    /// How far, in seconds, some browsers are off where pictures and sound do not begin together: the delay of AAC's encoder, which is
    /// not heard.
    /// </summary>
    public double Delay { get; init; } = 1024 / 48000.0;

    /// <summary>How long the film is.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>When its pictures end, where that is before its sound does: the last one stays.</summary>
    public double? PicturesEnd { get; init; }

    /// <summary>Which picture is shown in the place of one that was left out.</summary>
    public Func<int, int> Instead { get; init; } = number => number;

    /// <summary>The tones of its sounds, by language; und where there is one.</summary>
    public IReadOnlyDictionary<string, int> Sounds { get; init; } = OneSound;

    /// <summary>Whether it has the English texts of <see cref="Text"/>.</summary>
    public bool HasCaptions { get; init; }

    /// <summary>The heights that players may choose of.</summary>
    public IReadOnlyList<int> Heights { get; init; } = [];

    /// <summary>Whether it is HEVC, which Debian's Firefox decodes and its Chromium does not.</summary>
    public bool IsHevc { get; init; }

    /// <summary>Whether there is no more than the file: what is no MP4.</summary>
    public bool IsFileOnly { get; init; }

    /// <summary>Whether a player has something to choose of, which the element alone does not offer.</summary>
    public bool HasChoice => Sounds.Count > 1 || Heights.Count > 0;

    public bool HasPictures => Rate > 0;

    public static IReadOnlyDictionary<string, int> OneSound { get; } = new Dictionary<string, int> { ["und"] = 440 };

    public static IReadOnlyDictionary<string, int> TwoSounds { get; } = new Dictionary<string, int> { ["en"] = 440, ["de"] = 880 };

    public static IReadOnlyDictionary<string, int> Silent { get; } = new Dictionary<string, int>();

    /// <summary>The text that is shown at <see cref="TextAt"/>.</summary>
    public const string Text = "Half way";

    public const double TextAt = 5.02;

    /// <summary>The picture in the middle of whose time a moment lies, and that moment: away from where one picture ends.</summary>
    public (double Seconds, int Number) PictureAt(double part)
    {
        var last = (int)Math.Round(((PicturesEnd ?? Seconds) - StartsAt) * Rate) - 1;
        var place = (int)(part * last);
        return (StartsAt + ((place + 0.5) / Rate), Instead(place) % 256);
    }

    /// <summary>Which pictures a browser may show at the moment of one.</summary>
    public IEnumerable<int> PicturesNear((double Seconds, int Number) place)
    {
        return StartsAt == 0
            ? [place.Number]
            : Enumerable
                .Range(First(-Delay), First(Delay) - First(-Delay) + 1)
                .Where(number => number >= 0)
                .Select(number => Instead(number) % 256)
                .Distinct();

        int First(double delay) => (int)Math.Floor((place.Seconds + delay - StartsAt) * Rate);
    }

    public override string ToString() => Name;
}
