using System.Net.Http.Headers;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>Plays films that are ready: parts, wholes and segments, by key and by link, some slowly, some leaving in the middle.</summary>
sealed class Player(Stage stage, int number, IReadOnlyDictionary<SourceKind, Segments> segments) : Actor(stage, $"player {number}")
{
    readonly CheckedRead _read = new(stage.Calls, stage.Tally);

    protected override TimeSpan Pause() => Dice.Seconds(0.05, 0.6);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var (byLink, packaged, slow, leaves) = (Dice.Chance(0.6), Dice.Chance(0.3), Dice.Chance(0.1), Dice.Chance(0.1));
        var (from, length, shape, file) = (Dice.Roll(), Dice.Size(1, 4 << 20), Dice.From(0, 9), Dice.Roll());
        var film = Stage.Shelf.Pick(Dice, film => film is { WasReady: true, IsSourceKnown: true } && IsKept(film));
        if (film is null)
            return;
        var link = byLink ? Stage.Shelf.PickLink(Dice, link => link.Film == film && link.IsGood.IsOnly(true, Stage.Life)) : null;
        var target =
            link is null ? ReadTarget.Of(film, $"api/stream?file_id={film.Id}")
            : packaged && film.Source.IsFilm ? segments[film.Source.Kind].Target(link, file)
            : ReadTarget.Of(film, $"v/{link.Token}/video.mp4");
        Tally.Count(
            "actions",
            link is null ? "play by key"
                : target.Path.EndsWith(".mp4", StringComparison.Ordinal) ? "play"
                : "segment"
        );

        var start = (long)(from % (ulong)target.LengthBytes);
        var range = shape switch
        {
            0 => null,
            1 => new RangeHeaderValue(start, null),
            2 => new RangeHeaderValue(null, Math.Min(length, target.LengthBytes)),
            _ => new RangeHeaderValue(start, Math.Min(start + length, target.LengthBytes) - 1),
        };
        var result = await _read.RunAsync(
            target,
            range,
            slow ? TimeSpan.FromMilliseconds(30) : TimeSpan.Zero,
            leaves ? length / 2 : null,
            cancellationToken
        );
        Take(film, link, target, result);
    }

    void Take(Film film, FilmLink? link, ReadTarget target, ReadResult result)
    {
        Tally.Count("reads", result.End == ReadEnd.Refused ? $"refused, {result.Status}" : result.End.ToString().ToLowerInvariant());
        var mayBe = result.End switch
        {
            ReadEnd.Refused => result.Status switch
            {
                404 => film.WasTouched || !IsKept(film),
                410 => link is not null && !link.IsGood.IsOnly(true, Stage.Life),
                // A link holder who wastes; the key has no budget.
                429 => link is not null,
                502 or 503 or 504 => true,
                _ => false,
            },
            _ => true,
        };
        Tally.Check(Invariant.Answers, mayBe, () => $"playing {target.Label} answered {result.Status}");
    }
}
