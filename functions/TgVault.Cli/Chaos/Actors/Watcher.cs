using System.Text.Json;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>Looks at the list as a person's page does, so that the others know what is ready; and at the vault's memory.</summary>
sealed class Watcher(Stage stage) : Actor(stage, "watcher")
{
    const int PageSize = 200;

    protected override TimeSpan Pause() => TimeSpan.FromSeconds(1);

    protected override Task ActAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        Calls.Vault.Measure();
        foreach (var (id, video) in await ListAsync(Calls, "", cancellationToken) ?? [])
        {
            if (video.GetProperty("status").GetString() == "ready")
                await SeeReadyAsync(id, cancellationToken);
        }
    }

    /// <summary>All videos of a list by their ids; null where the vault did not answer.</summary>
    public static async Task<Dictionary<string, JsonElement>?> ListAsync(
        VaultCalls calls,
        string narrowed,
        CancellationToken cancellationToken
    )
    {
        var videos = new Dictionary<string, JsonElement>();
        string? continuation = null;
        do
        {
            var more = continuation is null ? "" : $"&continuation={Uri.EscapeDataString(continuation)}";
            if (await calls.GetAsync($"api/videos?limit={PageSize}{narrowed}{more}", cancellationToken) is not { Status: 200 } page)
                return null;
            foreach (var video in page.Json.GetProperty("videos").EnumerateArray())
                videos[video.GetProperty("id").GetString()!] = video;
            continuation = page.Json.TryGetProperty("continuation", out var next) ? next.GetString() : null;
        } while (!string.IsNullOrEmpty(continuation));
        return videos;
    }

    async Task SeeReadyAsync(string id, CancellationToken cancellationToken)
    {
        var film = Stage.Shelf.Films.FirstOrDefault(film => film.Id == id);
        if (film is null or { WasReady: true })
            return;
        Tally.Check(
            Invariant.Uploads,
            film.MayBeCommitted || film.IsCommitted,
            () => $"{film.FirstName} ({film.Id}) is ready and was never sent"
        );
        if (!film.IsSourceKnown)
            await SettleAsync(film, cancellationToken);
        film.WasReady = film.IsSourceKnown;
    }

    /// <summary>Which of two contents the vault took: the whole file says.</summary>
    async Task SettleAsync(Film film, CancellationToken cancellationToken)
    {
        var answer = await Calls.GetAsync($"api/stream?file_id={film.Id}", cancellationToken);
        if (answer is not { Status: 200 })
            return;
        var expected = new byte[film.Source.StoredBytes];
        foreach (var candidate in film.Candidates)
        {
            candidate.ReadStored(0, expected);
            if (!expected.AsSpan().SequenceEqual(answer.Body))
                continue;
            Tally.Count("uploads", candidate == film.Source ? "replaced too late" : "replaced");
            film.Settle(candidate);
            return;
        }

        Tally.Break(Invariant.Bytes, $"{film.FirstName} ({film.Id}) is neither of the two files that were sent");
    }
}
