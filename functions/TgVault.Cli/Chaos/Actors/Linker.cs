using System.Diagnostics;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>Makes links, revokes one or all of a film, and sees whether those that are over play nothing.</summary>
sealed class Linker(Stage stage) : Actor(stage, "linker")
{
    // "Within a minute a revoked link plays nothing any more."
    static readonly TimeSpan Promised = TimeSpan.FromSeconds(60);

    protected override TimeSpan Pause() => Dice.Seconds(0.5, 2.5);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var what = Dice.From(0, 9);
        if (what < 6)
        {
            if (Stage.Shelf.Pick(Dice, film => film.WasReady && IsKept(film)) is { } film)
                await MakeAsync(film, cancellationToken);
        }
        else if (what == 6)
        {
            if (Stage.Shelf.PickLink(Dice, link => link.IsGood.IsOnly(true, Stage.Life)) is { } link)
                await RevokeAsync(link, cancellationToken);
        }
        else if (what == 7)
        {
            if (Stage.Shelf.Pick(Dice, film => film.WasReady && IsKept(film)) is { } film)
                await RevokeAllAsync(film, cancellationToken);
        }
        else if (Stage.Shelf.PickLink(Dice, IsOver) is { } over)
        {
            await TryAsync(over, cancellationToken);
        }
    }

    /// <summary>Makes one and puts it on the shelf; null where no answer came.</summary>
    public async Task<FilmLink?> MakeAsync(Film film, CancellationToken cancellationToken)
    {
        await film.Turn.WaitAsync(cancellationToken);
        try
        {
            Tally.Count("actions", "make a link");
            var answer = await Calls.SendJsonAsync(HttpMethod.Post, $"api/videos/{film.Id}/links", new { }, cancellationToken);
            switch (answer?.Status)
            {
                case null:
                    return null;
                case 201:
                    var link = new FilmLink(film, answer.Text("id"), answer.Text("token"));
                    Stage.Shelf.Add(link);
                    return link;
                case 404:
                    CheckGone(film, "making a link");
                    return null;
                case 409 when !IsKept(film):
                    return null;
                default:
                    Unforeseen(film, "making a link", answer);
                    return null;
            }
        }
        finally
        {
            film.Turn.Release();
        }
    }

    async Task RevokeAsync(FilmLink link, CancellationToken cancellationToken)
    {
        Tally.Count("actions", "revoke a link");
        link.IsGood.Lose(false, int.MaxValue);
        var answer = await Calls.SendAsync(HttpMethod.Delete, $"api/links/{link.Id}", null, cancellationToken);
        if (answer?.Status == 200)
            End(link);
        else if (answer is not null)
            Unforeseen(link.Film, "revoking a link", answer);
    }

    async Task RevokeAllAsync(Film film, CancellationToken cancellationToken)
    {
        Tally.Count("actions", "revoke all links of a video");
        await film.Turn.WaitAsync(cancellationToken);
        try
        {
            var links = Stage.Shelf.Links.Where(link => link.Film == film).ToList();
            foreach (var link in links)
                link.IsGood.Lose(false, int.MaxValue);
            var answer = await Calls.SendAsync(HttpMethod.Delete, $"api/videos/{film.Id}/links", null, cancellationToken);
            if (answer?.Status == 200)
                links.ForEach(End);
            else if (answer?.Status == 404)
                CheckGone(film, "revoking all links");
            else if (answer is not null)
                Unforeseen(film, "revoking all links", answer);
        }
        finally
        {
            film.Turn.Release();
        }
    }

    static void End(FilmLink link)
    {
        if (link.Revoked == 0)
            link.Revoked = Stopwatch.GetTimestamp();
    }

    static bool IsOver(FilmLink link) => link.Revoked != 0 && Stopwatch.GetElapsedTime(link.Revoked) > Promised;

    async Task TryAsync(FilmLink link, CancellationToken cancellationToken)
    {
        Tally.Count("actions", "try a revoked link");
        var answer = await Calls.GetAsync($"v/{link.Token}/video.mp4", cancellationToken);
        Tally.Check(
            Invariant.Gone,
            answer is null or { Status: 410 or 404 },
            () => $"a revoked link to {link.Film.FirstName} ({link.Film.Id}) answered {answer!.Status}"
        );
    }
}
