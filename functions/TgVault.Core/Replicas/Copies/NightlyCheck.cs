using Microsoft.Extensions.Logging;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Replicas.Copies;

/// <summary>How the nightly looks stand, for the vault's owner.</summary>
/// <param name="Shares">How many parts all chunks are in; 0 where nothing is looked at by itself.</param>
/// <param name="Done">How many of them were looked at as a whole.</param>
/// <param name="Last">When the last one was; null before the first.</param>
/// <param name="Lost">Copies that were found lost when their shares were looked at last.</param>
/// <param name="Mended">How many of these were made anew.</param>
/// <param name="Unchecked">Copies that could not be looked at.</param>
public sealed record CheckStatus(int Shares, int Done, DateTimeOffset? Last, long Lost, long Mended, long Unchecked);

/// <summary>
/// Looks at one share of all chunks each night: the one that was looked at longest ago. How far it is stands in the rows, so one that is
/// interrupted goes on.
/// </summary>
public sealed class NightlyCheck : INightlyChecks
{
    readonly ILibrary _library;
    readonly ICopyChecks _checks;
    readonly ICatalogueChecks _catalogue;
    readonly SuspectTable _suspects;
    readonly CheckTable _table;
    readonly VerifySettings _settings;
    readonly TimeProvider _time;
    readonly ILogger _log;

    internal NightlyCheck(
        ILibrary library,
        ICopyChecks checks,
        ICatalogueChecks catalogue,
        SuspectTable suspects,
        IRowStore rows,
        VerifySettings settings,
        TimeProvider time,
        ILogger<NightlyCheck> log
    )
    {
        _library = library;
        _checks = checks;
        _catalogue = catalogue;
        _suspects = suspects;
        _table = new CheckTable(rows.Table(VaultTables.Vault));
        _settings = settings;
        _time = time;
        _log = log;
    }

    /// <inheritdoc/>
    public async Task<CheckStatus> ShowChecksAsync(CancellationToken cancellationToken)
    {
        if (_settings.Days == 0)
            return new CheckStatus(0, 0, null, 0, 0, 0);
        var states = await _table.ReadAsync(_settings.Days, cancellationToken);
        return new CheckStatus(
            _settings.Days,
            states.Count(state => state.Done is not null),
            states.Max(state => state.Done),
            states.Sum(state => state.Lost),
            states.Sum(state => state.Mended),
            states.Sum(state => state.Unchecked)
        );
    }

    /// <summary>
    /// Looks at tonight's share, or goes on with it, until it is done or time is up. Does nothing where tonight's is done.
    /// </summary>
    /// <param name="atMost">How long it may take.</param>
    /// <param name="cancellationToken">Stops it; the rows know how far it is.</param>
    /// <returns>Whether there is nothing more to do tonight; else it is to be asked again.</returns>
    public async Task<bool> RunAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_settings.Days == 0)
            return true;
        var began = _time.GetTimestamp();
        await LookAgainAsync(cancellationToken);
        var states = await _table.ReadAsync(_settings.Days, cancellationToken);
        if (Choose(states) is not { } state)
            return true;
        while (_time.GetElapsedTime(began) < atMost)
        {
            if (await FindNextAsync(state, cancellationToken) is not { } video)
            {
                if (!state.IsInTrash)
                {
                    state = state with { IsInTrash = true, After = "" };
                    continue;
                }

                // It is small, and all hangs on it: each night.
                state = Count(state, await _catalogue.RunAsync(mends: true, cancellationToken));
                await _table.SaveAsync(state with { Done = _time.GetUtcNow(), IsUnderWay = false }, cancellationToken);
                _log.ShareChecked(state.Share.Part, state.Share.Of, state.Chunks, state.Lost - state.Mended, state.Unchecked);
                return true;
            }

            var request = new CopyRequest
            {
                Depth = CopyDepth.Whole,
                Share = state.Share,
                From = state.From,
            };
            var report = await _checks.RunAsync(video.Id, request, cancellationToken) ?? new CopyReport();
            // What could not be looked at is, when it goes on.
            if (report.Stopped.Length > 0 || report.Wait is not null)
            {
                _log.CheckWaits(report.Stopped.Length > 0 ? report.Stopped : "Telegram asks to wait.");
                return false;
            }

            state = Add(state, video, report);
            await _table.SaveAsync(state, cancellationToken);
        }

        return false;
    }

    /// <summary>The share that was interrupted, or else the one looked at longest ago; null where one was looked at tonight.</summary>
    ShareState? Choose(List<ShareState> states)
    {
        if (states.Find(state => state.IsUnderWay) is { } underWay)
            return underWay;
        var now = _time.GetLocalNow();
        var tonight = new DateTimeOffset(now.Date, now.Offset).AddHours(_settings.Hour);
        if (tonight > now)
            tonight = tonight.AddDays(-1);
        if (states.Exists(state => state.Done >= tonight))
            return null;
        var part = Enumerable
            .Range(1, _settings.Days)
            .MinBy(part => states.Find(state => state.Share.Part == part)?.Done ?? DateTimeOffset.MinValue);
        return new ShareState(new ChunkShare(part, _settings.Days))
        {
            Began = _time.GetUtcNow(),
            Done = states.Find(state => state.Share.Part == part)?.Done,
            IsUnderWay = true,
        };
    }

    async Task<Video?> FindNextAsync(ShareState state, CancellationToken cancellationToken)
    {
        var query = new VideoQuery(null, null, 1, state.After.Length > 0 ? state.After : null)
        {
            Status = state.IsInTrash ? VideoStatus.Trashed : VideoStatus.Ready,
        };
        do
        {
            var page = await _library.ListAsync(query, cancellationToken);
            if (page.Videos.Length > 0)
                return page.Videos[0];
            query = query with { Continuation = page.Continuation };
        } while (query.Continuation is not null);

        return null;
    }

    static ShareState Add(ShareState state, Video video, CopyReport report) =>
        Count(state, report) with
        {
            After = report.Next is null ? video.Id.ToString() : state.After,
            From = report.Next ?? 0,
        };

    static ShareState Count(ShareState state, CopyReport report) =>
        state with
        {
            Chunks = state.Chunks + report.Chunks,
            Lost = state.Lost + report.Places.Sum(place => place.Missing + place.Damaged + place.WrongKey),
            Mended = state.Mended + report.Places.Sum(place => place.Mended),
            Unchecked = state.Unchecked + report.Places.Sum(place => place.Unchecked),
        };

    /// <summary>The second look at what earlier nights suspected; mends what is certain then.</summary>
    async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var video in await _suspects.ListDueAsync(cancellationToken))
        {
            if (await _library.FindAsync(video, cancellationToken) is null)
            {
                await _suspects.RemoveAsync(video, cancellationToken);
                continue;
            }

            var request = new CopyRequest { Depth = CopyDepth.Whole, OnlySuspects = true };
            while (
                await _checks.RunAsync(video, request, cancellationToken) is { Next: { } next, Stopped: "", Wait: null }
                && next != request.From
            )
                request = request with { From = next };
        }
    }
}
