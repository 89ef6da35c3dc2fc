using TgVault.Cli.Client;
using TgVault.Cli.Client.Uploads;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;
using TgVault.Core.Videos;

namespace TgVault.Cli.Commands.Uploading;

/// <summary>What a person wants of all uploads of one command.</summary>
sealed record UploadWishes(IReadOnlyList<string> Tags, string Description, bool Waits, bool Again, bool Json);

/// <summary>The uploads of one command, one after another, then the wait for them. Whatever ends it, it says what goes on by itself and
/// what the same command would go on with.</summary>
sealed class UploadRun(VaultClient vault, string journalFolder, UploadWishes wishes)
{
    readonly FileUpload _upload = new(vault, journalFolder);
    readonly KnownFiles _known = new(vault, HashAsync);
    readonly List<(UploadSource Source, string Id)> _stored = [];
    int _failures;
    bool _goesOn;

    // What is under way, for who presses Ctrl-C.
    UploadSource? _sending;
    Transfer? _bar;

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(UploadSources sources, CancellationToken cancellationToken)
    {
        foreach (var problem in sources.Problems)
            Refuse(problem.Given, problem.Message);
        if (sources.Skipped.Count > 0)
            Notice.PrintError(SafeText.Of(sources.SkippedLine));
        try
        {
            var number = 0;
            foreach (var source in sources.Found)
                await OneAsync(source, sources.Found.Count > 1 ? $"{++number}/{sources.Found.Count} " : "", cancellationToken);
            if (wishes.Waits)
                await WaitForAllAsync(cancellationToken);
            else if (_goesOn && Output.IsTerminal)
                Notice.PrintError("The vault goes on by itself: `./tgvault watch` shows how far it is.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            SayWhatGoesOn();
            throw;
        }

        return _failures == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    async Task OneAsync(UploadSource source, string number, CancellationToken cancellationToken)
    {
        _sending = source;
        var id = await TryAsync(source, () => SendAsync(source, number, cancellationToken));
        (_sending, _bar) = (null, null);
        if (id is null)
            return;
        if (wishes.Waits)
            _stored.Add((source, id));
        else if (await TryAsync(source, () => vault.GetAsync(id, cancellationToken)) is { } video)
        {
            Print(video);
            _goesOn |= !video.IsFinal;
        }
    }

    async Task<string> SendAsync(UploadSource source, string number, CancellationToken cancellationToken)
    {
        if (source.Url is { } url)
        {
            using var fetched = await TransferBar.RunAsync(
                $"{number}fetching {source.Name}",
                bar => FetchedFile.FetchAsync(url, journalFolder, bar, cancellationToken)
            );
            return await SendAsync(fetched.Path, fetched.Name, source, number, cancellationToken);
        }

        return await SendAsync(source.Given, source.Name, source, number, cancellationToken);
    }

    async Task<string> SendAsync(string path, string name, UploadSource source, string number, CancellationToken cancellationToken)
    {
        name = VideoName.Clean(name);
        var file = FileVersion.Of(path);
        if (file.SizeBytes == 0)
            throw new CommandFailedException($"{source.Given} is empty (0 bytes): there is nothing to store.");
        if (!wishes.Again && await _known.FindAsync(file, name, cancellationToken) is { } known)
        {
            Notice.PrintError(SafeText.Of($"{name} is there already{PlaceOf(known, name)}; --again uploads it once more."));
            return known.Id;
        }

        var announcement = new Announcement(name, 0, ContentTypes.Of(name), source.Folder, wishes.Tags, wishes.Description);
        var id = await TransferBar.RunAsync(
            number + name,
            bar =>
            {
                _bar = bar;
                return _upload.SendAsync(path, announcement, bar, cancellationToken);
            }
        );
        _known.Add(file, id);
        if (_upload.Storing is { TotalMinutes: >= 1 } time)
            Notice.PrintError(
                SafeText.Of($"{name} has arrived; storing it takes {Units.Clock(time.TotalSeconds)} or more, at Telegram's pace.")
            );
        return id;
    }

    static string PlaceOf(VideoView known, string name)
    {
        var folder = known.Folder.Length > 0 ? $" in {known.Folder}" : "";
        return known.Name == name ? $"{folder} as {known.Id}" : $"{folder} as {known.Name} ({known.Id})";
    }

    static Task<string> HashAsync(string path, CancellationToken cancellationToken) =>
        TransferBar.RunAsync($"comparing {Path.GetFileName(path)}", bar => KnownFiles.HashAsync(path, bar, cancellationToken));

    async Task WaitForAllAsync(CancellationToken cancellationToken)
    {
        while (_stored is [var (source, id), ..])
        {
            var video = await TryAsync(source, () => WaitAsync(id, source.Name, cancellationToken));
            _stored.RemoveAt(0);
            if (video is null)
                continue;
            Print(video);
            if (video.Status != "ready")
                _failures++;
        }
    }

    Task<VideoView> WaitAsync(string id, string name, CancellationToken cancellationToken) =>
        TransferBar.RunAsync(
            $"storing {name}",
            bar =>
                new IngestWatch(vault).WaitAsync(
                    id,
                    video =>
                    {
                        bar.Note(video is null ? "the vault does not answer; the upload is safe, waiting for it ..." : video.Waiting?.Note);
                        if (video is { BytesTotal: > 1 })
                            bar.Report((video.BytesDone, video.BytesTotal));
                    },
                    cancellationToken
                )
        );

    void Print(VideoView video)
    {
        if (wishes.Json)
            Output.Json(video.Json);
        else
            Output.Cut($"{video.Id}  {video.Status, -9}  {video.Name}");
        if (video is { Decision: "keepAsFile" })
            Notice.PrintError(SafeText.Of($"{video.Name} is kept as a file: {video.Reason}"));
        if (video is { Status: "failed" })
            Failures.Print($"{video.Name}: {(video.Failure.Length > 0 ? video.Failure : "it could not be stored.")}");
    }

    void SayWhatGoesOn()
    {
        if (_sending is { Url: not null } fetched)
            Notice.PrintError(SafeText.Of($"Stopped. Nothing of {fetched.Name} is kept: the same command fetches it anew."));
        else if (_sending is { } file)
            Notice.PrintError(
                SafeText.Of(
                    _bar is { Percent: > 0 } bar
                        ? $"Stopped. {bar.Percent} % of {file.Name} has arrived: the same command goes on from there."
                        : $"Stopped before {file.Name} was uploaded: the same command goes on with it."
                )
            );
        if (_stored is [var (source, id)])
            Notice.PrintError(
                SafeText.Of($"The vault goes on storing {source.Name} by itself: `./tgvault show {id}` tells how far it is.")
            );
        else if (_stored.Count > 0)
            Notice.PrintError($"The vault goes on storing {_stored.Count} uploads by itself: `./tgvault watch` shows how far they are.");
    }

    /// <summary>Null where it failed, which has been said and counted then.</summary>
    async Task<T?> TryAsync<T>(UploadSource source, Func<Task<T>> run)
        where T : class
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception exception) when (Failures.Foreseen(exception))
        {
            Refuse(source.Given, Failures.Describe(exception));
            return null;
        }
    }

    void Refuse(string given, string message)
    {
        _failures++;
        given = UploadSources.WithoutSecrets(given);
        if (wishes.Json)
            Output.Json(
                new
                {
                    id = (string?)null,
                    name = VideoName.Clean(Path.GetFileName(given)),
                    status = "error",
                    failure = message,
                }
            );
        Failures.Print(message.Contains(given, StringComparison.Ordinal) ? message : $"{given}: {message}");
    }
}
