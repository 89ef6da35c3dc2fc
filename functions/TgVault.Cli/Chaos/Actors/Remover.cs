using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>Puts videos into the trash, brings them back, and removes them for good, ready or not.</summary>
sealed class Remover(Stage stage) : Actor(stage, "remover")
{
    protected override TimeSpan Pause() => Dice.Seconds(1.5, 6);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var what = Dice.From(0, 9);
        var film = Stage.Shelf.Pick(
            Dice,
            film =>
                what < 4 ? film.WasReady && IsKept(film)
                : what < 8 ? film.Presence.Allows(Presence.Trashed, Stage.Life)
                : !film.Presence.IsOnly(Presence.Gone, Stage.Life)
        );
        if (film is null)
            return;
        await film.Turn.WaitAsync(cancellationToken);
        film.Touch();
        try
        {
            await (
                what switch
                {
                    < 4 => TrashAsync(film, cancellationToken),
                    < 8 => RestoreAsync(film, cancellationToken),
                    _ => RemoveAsync(film, cancellationToken),
                }
            );
        }
        finally
        {
            film.Touch();
            film.Turn.Release();
        }
    }

    async Task TrashAsync(Film film, CancellationToken cancellationToken)
    {
        film.Presence.Begin(Presence.Trashed);
        Tally.Count("actions", "trash");
        var answer = await Calls.SendAsync(HttpMethod.Delete, $"api/videos/{film.Id}", null, cancellationToken);
        if (answer is null)
            film.Presence.Lose(Presence.Trashed, Stage.Life);
        else if (answer.Status == 200 && answer.Text("status") == "trashed")
            film.Presence.Acknowledge(Presence.Trashed);
        else
            Unforeseen(film, "putting into the trash", answer);
        film.Presence.Refuse(Presence.Trashed);
    }

    async Task RestoreAsync(Film film, CancellationToken cancellationToken)
    {
        var isTrashed = film.Presence.IsOnly(Presence.Trashed, Stage.Life);
        film.Presence.Begin(Presence.Kept);
        Tally.Count("actions", "restore");
        var answer = await Calls.SendAsync(HttpMethod.Post, $"api/videos/{film.Id}/restore", null, cancellationToken);
        if (answer is null)
            film.Presence.Lose(Presence.Kept, Stage.Life);
        else if (answer.Status == 200)
            film.Presence.Acknowledge(Presence.Kept);
        else if (answer.Status == 404)
            CheckGone(film, "restoring");
        // It is not in the trash, which may be, or is being removed.
        else if (answer.Status != 409 || isTrashed)
            Unforeseen(film, "restoring", answer);
        film.Presence.Refuse(Presence.Kept);
    }

    async Task RemoveAsync(Film film, CancellationToken cancellationToken)
    {
        film.Presence.Begin(Presence.Gone);
        Tally.Count("actions", "remove");
        var answer = await Calls.SendAsync(HttpMethod.Delete, $"api/videos/{film.Id}?permanent=true", null, cancellationToken);
        if (answer is null)
            film.Presence.Lose(Presence.Gone, Stage.Life);
        else if (answer.Status is 202 or 200)
            film.Presence.Acknowledge(Presence.Gone);
        else if (answer.Status == 404)
            CheckGone(film, "removing");
        else
            Unforeseen(film, "removing", answer);
        film.Presence.Refuse(Presence.Gone);
    }
}
