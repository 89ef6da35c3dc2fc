using System.Globalization;
using System.Text;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>Renames, moves, tags, describes, and puts and removes captions.</summary>
sealed class Editor(Stage stage) : Actor(stage, "editor")
{
    static readonly string[] Languages = ["en", "de"];
    static readonly string[] Folders = ["", "Films", "Films/Kids", "Clips", "Old"];

    int _edits;

    protected override TimeSpan Pause() => Dice.Seconds(0.3, 2);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var (what, folder, language) = (Dice.From(0, 6), Dice.Of(Folders), Dice.Of(Languages));
        var value = string.Create(CultureInfo.InvariantCulture, $"edit {++_edits}");
        var film = Stage.Shelf.Pick(
            Dice,
            film => IsKept(film) && (what < 4 || film is { WasReady: true, IsSourceKnown: true, Source.IsFilm: true })
        );
        if (film is null)
            return;
        await film.Turn.WaitAsync(cancellationToken);
        try
        {
            await (
                what switch
                {
                    0 => PatchAsync(film, "name", $"{value}.mp4", $"{value}.mp4", film.Name, cancellationToken),
                    1 => PatchAsync(film, "folder", folder, folder, film.Folder, cancellationToken),
                    2 => PatchAsync(film, "tags", value, (string[])[value], film.Tags, cancellationToken),
                    3 => PatchAsync(film, "description", value, value, film.Description, cancellationToken),
                    < 6 => PutCaptionsAsync(Stage, film, language, value, cancellationToken),
                    _ => RemoveCaptionsAsync(film, language, cancellationToken),
                }
            );
        }
        finally
        {
            film.Turn.Release();
        }
    }

    async Task PatchAsync(
        Film film,
        string field,
        string value,
        object sent,
        Possible<string> possible,
        CancellationToken cancellationToken
    )
    {
        Tally.Count("actions", $"edit {field}");
        var answer = await Calls.SendJsonAsync(
            HttpMethod.Patch,
            $"api/videos/{film.Id}",
            new Dictionary<string, object> { [field] = sent },
            cancellationToken
        );
        Take(Stage, film, $"editing the {field}", answer, 200, value, possible);
    }

    /// <summary>Puts captions with one cue.</summary>
    public static async Task PutCaptionsAsync(Stage stage, Film film, string language, string cue, CancellationToken cancellationToken)
    {
        stage.Tally.Count("actions", "put captions");
        using var content = new StringContent($"WEBVTT\n\n00:00.000 --> 00:01.000\n{cue}\n", Encoding.UTF8, "text/vtt");
        var answer = await stage.Calls.SendAsync(HttpMethod.Put, $"api/videos/{film.Id}/captions/{language}", content, cancellationToken);
        Take(stage, film, $"putting captions in {language}", answer, 202, cue, film.CaptionsIn(language));
    }

    async Task RemoveCaptionsAsync(Film film, string language, CancellationToken cancellationToken)
    {
        Tally.Count("actions", "remove captions");
        var answer = await Calls.SendAsync(HttpMethod.Delete, $"api/videos/{film.Id}/captions/{language}", null, cancellationToken);
        var captions = film.CaptionsIn(language);
        if (answer?.Status == 404 && captions.Allows("", Stage.Life))
            captions.Observe("", Stage.Life);
        else
            Take(Stage, film, $"removing captions in {language}", answer, 200, "", captions);
    }

    static void Take(Stage stage, Film film, string what, Answer? answer, int expected, string value, Possible<string> possible)
    {
        if (answer is null)
            possible.Lose(value, stage.Life);
        else if (answer.Status == expected)
            possible.Acknowledge(value);
        else if (answer.Status == 404)
            stage.CheckGone(film, what);
        // In the trash, being removed: nothing was changed.
        else if (answer.Status != 409 || film.Presence.IsOnly(Presence.Kept, stage.Life))
            stage.Unforeseen(film, what, answer);
    }
}
