using System.Text;
using System.Text.Json;
using TgVault.Cli.Chaos.Actors;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>Holds all that the vault says, and every byte that it stores, against the model.</summary>
sealed class LibraryCheck(Stage stage)
{
    const int MostTries = 5;

    readonly Tally _tally = stage.Tally;
    readonly CheckedRead _read = new(stage.Calls, stage.Tally);

    /// <summary>Films that are there, in the lists or in the trash.</summary>
    public List<Film> There { get; } = [];

    /// <summary>After the storm: each film, its bytes, its captions; then every link.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var film in stage.Shelf.Films)
        {
            var video = await ShowAsync(film, cancellationToken);
            var presence = video is { } shown
                ? (shown.GetProperty("status").GetString() == "trashed" ? Presence.Trashed : Presence.Kept)
                : Presence.Gone;
            _tally.Check(
                presence == Presence.Gone ? Invariant.Edits : Invariant.Gone,
                film.Presence.Observe(presence, stage.Life),
                () => $"{film.FirstName} ({film.Id}) is {presence} and has to be {film.Presence}"
            );
            film.Presence.Acknowledge(presence);
            if (video is not { } there)
                continue;
            There.Add(film);
            CheckDetails(film, there, Invariant.Edits);
            if (presence == Presence.Kept)
                await CheckBytesAsync(film, Invariant.Equal, cancellationToken);
        }

        foreach (var link in stage.Shelf.Links)
            await CheckLinkAsync(link, cancellationToken);
    }

    /// <summary>After a recovery: the same films, all out of the trash.</summary>
    public async Task RunRecoveredAsync(CancellationToken cancellationToken)
    {
        var listed = await Watcher.ListAsync(stage.Calls, "", cancellationToken) ?? [];
        var known = There.Select(film => film.Id).ToHashSet();
        foreach (var id in listed.Keys.Where(id => !known.Contains(id)))
            _tally.Break(Invariant.Recovery, $"{id} is back, which was not there");
        foreach (var film in There)
        {
            if (
                !_tally.Check(
                    Invariant.Recovery,
                    listed.TryGetValue(film.Id, out var video) && video.GetProperty("status").GetString() == "ready",
                    () => $"{film.FirstName} ({film.Id}) is missing"
                )
            )
                continue;
            CheckDetails(film, video, Invariant.Recovery);
            await CheckBytesAsync(film, Invariant.Recovery, cancellationToken);
        }
    }

    async Task<JsonElement?> ShowAsync(Film film, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await stage.Calls.GetAsync($"api/videos/{film.Id}", cancellationToken);
            if (answer is { Status: 200 })
                return answer.Json;
            if (answer is { Status: 404 })
                return null;
            if (attempt < MostTries)
                continue;
            _tally.Break(Invariant.Answers, $"showing {film.FirstName} ({film.Id}) answered {answer?.Told ?? "nothing"}");
            return null;
        }
    }

    void CheckDetails(Film film, JsonElement video, Invariant invariant)
    {
        Compare("name", video.GetProperty("name").GetString() ?? "", film.Name);
        Compare("folder", TextOf(video, "folder"), film.Folder);
        Compare("description", TextOf(video, "description"), film.Description);
        Compare(
            "tags",
            video.TryGetProperty("tags", out var tags) ? string.Join(',', tags.EnumerateArray().Select(tag => tag.GetString())) : "",
            film.Tags
        );

        void Compare(string what, string value, Possible<string> possible)
        {
            _tally.Check(
                invariant,
                possible.Observe(value, stage.Life),
                () => $"the {what} of {film.FirstName} ({film.Id}) is \"{value}\" and has to be {possible}"
            );
            // From here on it is this one: a recovery has to bring it back.
            possible.Acknowledge(value);
        }
    }

    async Task CheckBytesAsync(Film film, Invariant invariant, CancellationToken cancellationToken)
    {
        if (!film.IsSourceKnown && !await SettleAsync(film, cancellationToken))
            return;
        var target = ReadTarget.Of(film, $"api/stream?file_id={film.Id}");
        var result = default(ReadResult);
        for (var attempt = 1; attempt <= MostTries && result.End != ReadEnd.Whole; attempt++)
            result = await _read.RunAsync(target, null, TimeSpan.Zero, null, cancellationToken);
        _tally.Check(
            invariant,
            result.End == ReadEnd.Whole,
            () => $"{film.FirstName} ({film.Id}) could not be read: {result.End}, {result.Status}, up to byte {result.NextByte}"
        );
        foreach (var language in film.CaptionLanguages)
            await CheckCaptionsAsync(film, language, invariant, cancellationToken);
    }

    async Task<bool> SettleAsync(Film film, CancellationToken cancellationToken)
    {
        var answer = await stage.Calls.GetAsync($"api/stream?file_id={film.Id}", cancellationToken);
        foreach (var candidate in film.Candidates)
        {
            var expected = new byte[candidate.StoredBytes];
            candidate.ReadStored(0, expected);
            if (answer is { Status: 200 } && expected.AsSpan().SequenceEqual(answer.Body))
            {
                film.Settle(candidate);
                return true;
            }
        }

        _tally.Break(Invariant.Equal, $"{film.FirstName} ({film.Id}) is neither of the two files that were sent");
        return false;
    }

    async Task CheckCaptionsAsync(Film film, string language, Invariant invariant, CancellationToken cancellationToken)
    {
        var possible = film.CaptionsIn(language);
        var text = await CaptionsAsync(film, language, cancellationToken);
        if (text is null)
            return;
        _tally.Check(
            invariant == Invariant.Equal ? Invariant.Edits : invariant,
            possible.Observe(text, stage.Life),
            () => $"the captions in {language} of {film.FirstName} ({film.Id}) are \"{text}\" and have to be {possible}"
        );
        possible.Acknowledge(text);
    }

    /// <summary>The cue, or nothing where there are none; null where the vault did not say.</summary>
    async Task<string?> CaptionsAsync(Film film, string language, CancellationToken cancellationToken)
    {
        var made = await stage.Calls.SendJsonAsync(HttpMethod.Post, $"api/videos/{film.Id}/links", new { }, cancellationToken);
        if (made is not { Status: 201 })
        {
            _tally.Break(Invariant.Answers, $"making a link to {film.FirstName} ({film.Id}) answered {made?.Told ?? "nothing"}");
            return null;
        }

        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var answer = await stage.Calls.GetAsync($"v/{made.Text("token")}/captions/{language}.vtt", cancellationToken);
            if (answer is { Status: 404 })
                return "";
            if (answer is { Status: 200 })
                return Encoding
                        .UTF8.GetString(answer.Body)
                        .Split('\n')
                        .LastOrDefault(line => line.StartsWith("edit ", StringComparison.Ordinal))
                    ?? "?";
        }

        _tally.Break(Invariant.Equal, $"the captions in {language} of {film.FirstName} ({film.Id}) could not be read");
        return null;
    }

    async Task CheckLinkAsync(FilmLink link, CancellationToken cancellationToken)
    {
        var answer = await stage.Calls.GetAsync($"v/{link.Token}/video.mp4", cancellationToken);
        var plays = link.Film.Presence.IsOnly(Presence.Kept, stage.Life) && link.Revoked == 0;
        var mayPlay = link.Film.Presence.IsOnly(Presence.Kept, stage.Life) && link.IsGood.Allows(true, stage.Life) && link.Revoked == 0;
        var isRight = answer?.Status switch
        {
            200 => mayPlay,
            404 => !link.Film.Presence.IsOnly(Presence.Kept, stage.Life),
            410 => !plays || !link.IsGood.IsOnly(true, stage.Life),
            // Cut, or this link has wasted much: that is no statement.
            null or 429 => true,
            _ => false,
        };
        _tally.Check(
            Invariant.Gone,
            isRight,
            () => $"a link to {link.Film.FirstName} ({link.Film.Id}), {(plays ? "good" : "over")}, answered {answer?.Status}"
        );
    }

    static string TextOf(JsonElement video, string name) => video.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
