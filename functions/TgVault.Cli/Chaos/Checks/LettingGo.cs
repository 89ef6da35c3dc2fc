using System.Diagnostics;
using System.Text.Json;
using TgVault.Cli.Chaos.Actors;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>
/// After the storm: waits until every upload has come to its end, asks for a retry of each that failed, and for the removal of what was
/// announced without an answer.
/// </summary>
sealed class LettingGo(Stage stage)
{
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    readonly Tally _tally = stage.Tally;
    readonly Dictionary<string, string> _failed = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        List<(Film? Film, JsonElement Video)> open;
        do
        {
            await Task.Delay(BetweenLooks, cancellationToken);
            if (await LookAsync(cancellationToken) is not { } looked)
                continue;
            open = looked;
            foreach (var (film, video) in open)
                await PushAsync(film, video, cancellationToken);
            if (open.Count == 0)
                break;
            if (started.Elapsed > Longest)
            {
                foreach (var (film, video) in open)
                    _tally.Break(Invariant.Final, $"{film?.FirstName ?? "an upload"} still is {Told(video)}");
                break;
            }
        } while (true);

        var unfinished = open.Select(video => video.Film).ToHashSet();
        foreach (var film in stage.Shelf.Films.Where(film => film.IsCommitted && !unfinished.Contains(film)))
            _tally.Check(Invariant.Final, holds: true, () => film.FirstName);
        foreach (var (id, failure) in _failed)
        {
            var film = stage.Shelf.Films.FirstOrDefault(film => film.Id == id);
            _tally.Check(
                Invariant.Retry,
                !open.Any(video => video.Video.GetProperty("id").GetString() == id),
                () => $"{film?.FirstName} ({id}), which had failed: {failure}"
            );
        }
    }

    /// <summary>
    /// Captions that could not be stored are told as failed, and a person puts them again: so does this. Then all that is known of them has
    /// to be.
    /// </summary>
    public async Task PutCaptionsAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var film in stage.Shelf.Films.Where(film => film.WasReady && !film.Presence.IsOnly(Presence.Gone, stage.Life)))
        {
            if (await stage.Calls.GetAsync($"api/videos/{film.Id}", cancellationToken) is not { Status: 200 } shown)
                continue;
            if (!shown.Json.TryGetProperty("captions", out var captions))
                continue;
            foreach (var one in captions.EnumerateArray().Where(one => one.GetProperty("status").GetString() == "failed"))
            {
                // What is in the trash takes no captions.
                if (shown.Text("status") == "trashed")
                {
                    await stage.Calls.SendAsync(HttpMethod.Post, $"api/videos/{film.Id}/restore", null, cancellationToken);
                    film.Presence.Acknowledge(Presence.Kept);
                }

                _tally.Count("uploads", "captions put again at the end");
                await Editor.PutCaptionsAsync(stage, film, one.GetProperty("language").GetString()!, "edit again", cancellationToken);
            }
        }
    }

    /// <summary>What has not come to its end; null where the vault did not answer.</summary>
    async Task<List<(Film? Film, JsonElement Video)>?> LookAsync(CancellationToken cancellationToken)
    {
        if (await Watcher.ListAsync(stage.Calls, "", cancellationToken) is not { } videos)
            return null;
        // What is being removed may be in no list but this.
        if (await Watcher.ListAsync(stage.Calls, "&status=deleting", cancellationToken) is not { } going)
            return null;
        foreach (var (id, video) in going)
            videos[id] = video;
        var films = stage.Shelf.Films.ToDictionary(film => film.Id);
        return
        [
            .. videos
                .Values.Select(video => (Film: films.GetValueOrDefault(video.GetProperty("id").GetString()!), Video: video))
                .Where(pair => pair.Video.GetProperty("status").GetString() is not ("ready" or "trashed")),
        ];
    }

    async Task PushAsync(Film? film, JsonElement video, CancellationToken cancellationToken)
    {
        var (id, status) = (video.GetProperty("id").GetString()!, video.GetProperty("status").GetString());
        if (film is null)
        {
            var name = video.GetProperty("name").GetString()!;
            if (
                _tally.Check(
                    Invariant.Final,
                    stage.Shelf.Unanswered.ContainsKey(name) && status is "waiting" or "deleting",
                    () => $"the vault lists {name} ({id}), which nobody sent"
                )
            )
                await RemoveAsync(id, cancellationToken);
        }
        else if (status == "failed")
        {
            _failed.TryAdd(id, video.TryGetProperty("failure", out var failure) ? failure.GetString() ?? "" : "");
            _tally.Count("uploads", "retried at the end");
            await stage.Calls.SendAsync(HttpMethod.Post, $"api/videos/{id}/retry", null, cancellationToken);
        }
        else if (status == "waiting" && !film.IsCommitted && film.Presence.Allows(Presence.Gone, stage.Life))
        {
            // Its sender may have given up when a removal got no answer.
            film.Presence.Acknowledge(Presence.Gone);
            await RemoveAsync(id, cancellationToken);
        }
    }

    Task<Answer?> RemoveAsync(string id, CancellationToken cancellationToken) =>
        stage.Calls.SendAsync(HttpMethod.Delete, $"api/videos/{id}?permanent=true", null, cancellationToken);

    static string Told(JsonElement video) =>
        $"{video.GetProperty("status").GetString()}"
        + (video.TryGetProperty("stage", out var stage) ? $", {stage.GetString()}" : "")
        + (video.TryGetProperty("failure", out var failure) ? $": {failure.GetString()}" : "");
}
