using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>Announces files and sends them, each by its plan.</summary>
sealed class Uploader(Stage stage, int number) : Actor(stage, $"uploader {number}")
{
    const long Smallest = 1 << 10;
    const long Largest = 12 << 20;
    const int MostBlocks = 12;

    static readonly string[] Folders = ["", "Films", "Films/Kids", "Clips"];

    readonly SendingUpload _sending = new(stage);
    int _made;

    protected override TimeSpan Pause() => Dice.Seconds(1, 6);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var (film, second) = Plan();
        if (await AnnounceAsync(Stage, film, cancellationToken))
            await _sending.SendAsync(film, second, cancellationToken);
    }

    (Film Film, SourceFile Second) Plan()
    {
        var kind = Dice.Of([SourceKind.Film, SourceKind.Film, SourceKind.MoovLast, SourceKind.Bytes]);
        var (length, seed, secondSeed) = (Dice.Size(Smallest, Largest), Dice.Roll(), Dice.Roll());
        var source = SourceFile.Make(kind, length, seed);
        var blocks = Dice.Chance(0.3) ? 0 : Dice.From(1, MostBlocks);
        var plan = new FilmPlan(
            blocks == 0 ? 0 : (int)((source.LengthBytes + blocks - 1) / blocks),
            Dice.Chance(0.25),
            Dice.Chance(0.3) ? Dice.From(1, 3) : 0,
            Dice.Chance(0.2) ? Dice.From(0, MostBlocks) : -1,
            Dice.Chance(0.15)
        );
        var name = $"chaos-{number}-{++_made:d5}.{(kind == SourceKind.Bytes ? "bin" : "mp4")}";
        return (new Film(name, Dice.Of(Folders), source, plan), SourceFile.Make(kind, length, secondSeed));
    }

    /// <summary>Announces it; where that is answered it is on the shelf, with its id and its upload URL.</summary>
    public static async Task<bool> AnnounceAsync(Stage stage, Film film, CancellationToken cancellationToken)
    {
        stage.Tally.Count("actions", "announce");
        var answer = await stage.Calls.SendJsonAsync(
            HttpMethod.Post,
            "api/uploads",
            new
            {
                name = film.FirstName,
                size = film.Source.LengthBytes,
                folder = film.FirstFolder,
            },
            cancellationToken
        );
        if (answer is null)
        {
            stage.Shelf.Unanswered[film.FirstName] = true;
            return false;
        }

        if (answer.Status != 201)
        {
            stage.Tally.Break(Invariant.Answers, $"announcing {film.FirstName} answered {answer.Told}");
            return false;
        }

        (film.Id, film.UploadPath) = (answer.Text("id"), answer.Text("uploadPath").TrimStart('/'));
        stage.Shelf.Add(film);
        return true;
    }
}
