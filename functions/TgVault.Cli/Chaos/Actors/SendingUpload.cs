using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>
/// Sends the bytes of an announced file until the vault has all of them, whatever happens meanwhile. What was acknowledged is not sent
/// again: that the list of blocks is taken shows that none was lost.
/// </summary>
sealed class SendingUpload(Stage stage)
{
    static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan BetweenPieces = TimeSpan.FromMilliseconds(60);
    static readonly TimeSpan Absence = TimeSpan.FromSeconds(3);

    readonly Tally _tally = stage.Tally;

    /// <param name="film">What was announced; its first candidate is sent.</param>
    /// <param name="second">What is sent to the same URL afterwards, where the plan says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(Film film, SourceFile second, CancellationToken cancellationToken)
    {
        var arrived = new HashSet<int>();
        var aborts = film.Plan.Aborts;
        while (!film.IsCommitted && !film.Presence.IsOnly(Presence.Gone, stage.Life))
        {
            var sent =
                film.Plan.BlockBytes == 0
                    ? await TrySendWholeAsync(film, aborts-- > 0, cancellationToken)
                    : await TrySendBlocksAsync(film, arrived, () => aborts-- > 0, cancellationToken);
            if (sent)
                break;
            if (film.IsCommitted)
                return;
            await Task.Delay(BetweenTries, cancellationToken);
            if (!await TryRenewAsync(film, cancellationToken))
                return;
        }

        if (film is { IsCommitted: true, Plan.IsReplaced: true })
            await ReplaceAsync(film, second, cancellationToken);
    }

    async Task<bool> TrySendWholeAsync(Film film, bool isAborted, CancellationToken cancellationToken)
    {
        _tally.Count("actions", isAborted ? "send whole, broken off" : "send whole");
        film.MayBeCommitted |= !isAborted;
        using var content = Content(film, film.Source, 0, film.Source.LengthBytes, isAborted);
        var answer = await PutBlobAsync(film, content, cancellationToken);
        return IsTaken(film, answer, "Put Blob") && (film.IsCommitted = true);
    }

    async Task<bool> TrySendBlocksAsync(Film film, HashSet<int> arrived, Func<bool> isAborted, CancellationToken cancellationToken)
    {
        var size = film.Plan.BlockBytes;
        var count = (int)((film.Source.LengthBytes + size - 1) / size);
        for (var block = 0; block < count; block++)
        {
            if (arrived.Contains(block))
                continue;
            if (block == film.Plan.PauseBefore)
                await Task.Delay(Absence, cancellationToken);
            var abort = isAborted();
            _tally.Count("actions", abort ? "send block, broken off" : "send block");
            var length = Math.Min(size, film.Source.LengthBytes - ((long)block * size));
            using var content = Content(film, film.Source, (long)block * size, length, abort);
            var path = $"{film.UploadPath}&comp=block&blockid={Uri.EscapeDataString(IdOf(block))}";
            var answer = await stage.Calls.SendAsync(HttpMethod.Put, path, content, cancellationToken);
            if (!IsTaken(film, answer, "Put Block"))
                return false;
            // A commit whose answer was lost has been taken.
            if (film.IsCommitted)
                return true;
            arrived.Add(block);
        }

        _tally.Count("actions", "commit");
        film.MayBeCommitted = true;
        var list = string.Concat(Enumerable.Range(0, count).Select(block => $"<Latest>{IdOf(block)}</Latest>"));
        using var body = new StringContent($"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{list}</BlockList>", Encoding.UTF8);
        var committed = await stage.Calls.SendAsync(HttpMethod.Put, $"{film.UploadPath}&comp=blocklist", body, cancellationToken);
        if (committed?.Status == 400)
        {
            _tally.Break(
                Invariant.Uploads,
                $"the vault lost blocks of {film.FirstName} ({film.Id}) that it had acknowledged: {committed.Told}"
            );
            arrived.Clear();
            return false;
        }

        return IsTaken(film, committed, "Put Block List") && (film.IsCommitted = true);
    }

    /// <summary>Another content of the same length to the same URL: taken as long as the vault has not taken up the first.</summary>
    async Task ReplaceAsync(Film film, SourceFile second, CancellationToken cancellationToken)
    {
        _tally.Count("actions", "replace");
        film.Replace(second);
        using var content = Content(film, second, 0, second.LengthBytes, isAborted: false);
        var answer = await PutBlobAsync(film, content, cancellationToken);
        if (answer is { Status: 409 or 404 })
            film.Settle(film.Source);
        else if (answer is not null && answer.Status != 201)
            _tally.Break(Invariant.Answers, $"replacing {film.FirstName} ({film.Id}) answered {answer.Told}");
    }

    Task<Answer?> PutBlobAsync(Film film, HttpContent content, CancellationToken cancellationToken)
    {
        content.Headers.Add("x-ms-blob-type", "BlockBlob");
        return stage.Calls.SendAsync(HttpMethod.Put, film.UploadPath, content, cancellationToken);
    }

    /// <summary>Whether the vault took it; where it says that it had all of it before, the film is committed.</summary>
    bool IsTaken(Film film, Answer? answer, string what)
    {
        switch (answer?.Status)
        {
            case null:
                return false;
            case 201:
                return true;
            case 409 when film.MayBeCommitted:
                film.IsCommitted = true;
                return true;
            // Removed meanwhile; or its URL is of a video whose row has gone.
            case 404 or 403 or 409 when film.Presence.Allows(Presence.Gone, stage.Life):
                return false;
            default:
                _tally.Break(Invariant.Uploads, $"{what} of {film.FirstName} ({film.Id}) answered {answer.Told}");
                return false;
        }
    }

    /// <summary>Whether it is worth going on: false where the video is gone, or the vault has all of it.</summary>
    async Task<bool> TryRenewAsync(Film film, CancellationToken cancellationToken)
    {
        var answer = await stage.Calls.SendJsonAsync(HttpMethod.Post, $"api/uploads/{film.Id}/renew", null, cancellationToken);
        switch (answer?.Status)
        {
            case null:
                return true;
            case 200:
                film.UploadPath = answer.Text("uploadPath").TrimStart('/');
                return true;
            case 409 when film.MayBeCommitted:
                film.IsCommitted = true;
                return true;
            case 404 or 409 when film.Presence.Allows(Presence.Gone, stage.Life):
                return false;
            default:
                _tally.Break(Invariant.Uploads, $"renewing {film.FirstName} ({film.Id}) answered {answer.Told}");
                return false;
        }
    }

    SourceContent Content(Film film, SourceFile source, long offset, long length, bool isAborted) =>
        new(
            source,
            offset,
            length,
            film.Plan.IsSlow && !stage.Ending.IsCancellationRequested ? BetweenPieces : TimeSpan.Zero,
            isAborted ? length / 2 : null
        )
        {
            Headers = { ContentType = new MediaTypeHeaderValue(source.IsFilm ? "video/mp4" : "application/octet-stream") },
        };

    static string IdOf(int block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.ToString("d6", CultureInfo.InvariantCulture)));
}
