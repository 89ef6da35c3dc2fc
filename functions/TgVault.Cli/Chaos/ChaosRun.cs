using System.Diagnostics;
using TgVault.Cli.Chaos.Actors;
using TgVault.Cli.Chaos.Checks;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos;

/// <summary>
/// A vault of its own, people who use it, and a storm that breaks it, for as long as told; then peace, and a look at everything.
/// </summary>
sealed class ChaosRun(ChaosOptions options, Tally tally, Action<string> tell)
{
    const int Uploaders = 2;
    const int Players = 3;
    const int MostRounds = 24;
    const long MostResidentBytes = 300L << 20;

    static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestInPeace = TimeSpan.FromMinutes(2);

    readonly VictimPlace _place = new(options.Folder);
    readonly Shelf _shelf = new();

    /// <exception cref="CommandFailedException">The run could not be made: vault or stand-in did not start in peace.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var standIn = new StandInVictim(_place);
        await using var vault = new VaultVictim(_place);
        using var calls = new VaultCalls(vault, tally);
        await standIn.StartAsync(cancellationToken);
        await vault.StartAsync(cancellationToken);
        try
        {
            await StormAsync(standIn, vault, calls, cancellationToken);
            await LookAsync(standIn, vault, calls, cancellationToken);
        }
        catch (CommandFailedException exception) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Break(Invariant.Process, exception.Message);
        }

        tally.Count("vault", "most resident MiB", vault.PeakBytes >> 20);
        tally.Count("vault", "processes", vault.Life - 1);
        tally.Check(
            Invariant.Memory,
            vault.PeakBytes <= MostResidentBytes,
            () => $"{Units.Size(vault.PeakBytes)} were resident in life {vault.PeakLife}, and {Units.Size(MostResidentBytes)} are the bound"
        );
    }

    async Task StormAsync(StandInVictim standIn, VaultVictim vault, VaultCalls calls, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var acts = 0;
        var stage = new Stage(options.Seed, _shelf, tally, calls, ending.Token)
        {
            Acts = () =>
            {
                if (Interlocked.Increment(ref acts) == options.MostActs)
                    ending.CancelAfter(TimeSpan.Zero);
            },
        };
        var linker = new Linker(stage);
        var segments = await PrepareAsync(stage, linker, cancellationToken);
        tell("The storm begins.");
        ending.CancelAfter(options.Time);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Actor[] actors =
        [
            .. Enumerable.Range(1, Uploaders).Select(number => new Uploader(stage, number)),
            .. Enumerable.Range(1, Players).Select(number => new Player(stage, number, segments)),
            new Editor(stage),
            new Remover(stage),
            linker,
            new Watcher(stage),
            new Storm(stage, vault, standIn),
            new FaultStorm(stage, standIn),
            new ReplicaStorm(stage, _place),
        ];
        var telling = TellAsync(ending.Token);
        var all = Task.WhenAll(actors.Select(actor => Task.Run(() => ActAsync(actor, broken), CancellationToken.None)));
        var first = await Task.WhenAny(all, vault.EndedByItself.Task, standIn.EndedByItself.Task);
        if (first is Task<string> ended)
        {
            await broken.CancelAsync();
            await Task.WhenAny(all);
            throw new CommandFailedException($"A process ended by itself: {await ended}");
        }

        await all;
        await telling;
        await standIn.ClearAsync(cancellationToken);
    }

    /// <summary>One that breaks ends all.</summary>
    static async Task ActAsync(Actor actor, CancellationTokenSource broken)
    {
        try
        {
            await actor.RunAsync(broken.Token);
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }

    /// <summary>A film of each kind, in peace: what their segments are is what those of all others have to be.</summary>
    static async Task<Dictionary<SourceKind, Segments>> PrepareAsync(Stage stage, Linker linker, CancellationToken cancellationToken)
    {
        var segments = new Dictionary<SourceKind, Segments>();
        var sending = new SendingUpload(stage);
        var watcher = new Watcher(stage);
        foreach (var kind in (SourceKind[])[SourceKind.Film, SourceKind.MoovLast])
        {
            var source = SourceFile.Make(kind, 1, 1);
            var film = new Film($"{kind}.mp4", "", source, new FilmPlan(0, IsSlow: false, 0, -1, IsReplaced: false));
            await Uploader.AnnounceAsync(stage, film, cancellationToken);
            await sending.SendAsync(film, source, cancellationToken);
            var started = Stopwatch.StartNew();
            while (!film.WasReady)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                await watcher.LookAsync(cancellationToken);
                if (started.Elapsed > LongestInPeace)
                    throw new CommandFailedException($"{film.FirstName} was not ready in peace.");
            }

            if (await linker.MakeAsync(film, cancellationToken) is not { } link)
                throw new CommandFailedException("No link was made in peace.");
            segments[kind] = await Segments.FetchAsync(stage.Calls, link, cancellationToken);
        }

        return segments;
    }

    async Task LookAsync(StandInVictim standIn, VaultVictim vault, VaultCalls calls, CancellationToken cancellationToken)
    {
        var stage = new Stage(options.Seed, _shelf, tally, calls, new CancellationToken(canceled: true));
        tell("Peace: everything comes to its end.");
        var letting = new LettingGo(stage);
        await letting.RunAsync(cancellationToken);
        await letting.PutCaptionsAgainAsync(cancellationToken);
        var stopped = new StoppedVault(_place);
        var channel = new ChannelCheck(stopped, vault, standIn, tally);
        var copies = new CopiesCheck(_place, stopped, standIn, new Dice(options.Seed, "copies"), tally);
        await QuietenAsync(vault, channel, cancellationToken);

        tell("A look at the channel, at files and processes.");
        new CleanCheck(_place, tally).Run();
        await channel.RunAsync(cancellationToken);
        await copies.FollowAsync(cancellationToken);
        tell("A look at every copy, then with a part of the channel lost at every film, and again at every copy.");
        await vault.StartAsync(cancellationToken);
        await copies.VerifyAsync(mayFind: true, cancellationToken);
        await copies.DamageChannelAsync(channel.Chunks, cancellationToken);
        var library = new LibraryCheck(stage);
        await library.RunAsync(cancellationToken);
        await copies.VerifyAsync(mayFind: false, cancellationToken);
        await QuietenAsync(vault, channel, cancellationToken);
        await copies.FollowAsync(cancellationToken);

        tell("The storage is lost, and recovered from the channel.");
        var recovery = new RecoveryCheck(_place, standIn, tally);
        vault.HasReplica = false;
        if (await recovery.FromChannelAsync(cancellationToken))
            await LookAtRecoveredAsync(vault, library, cancellationToken);
        tell("Channel and storage are lost, and recovered from the replica.");
        vault.HasReplica = true;
        if (await recovery.FromReplicaAsync(cancellationToken))
            await LookAtRecoveredAsync(vault, library, cancellationToken);
    }

    async Task LookAtRecoveredAsync(VaultVictim vault, LibraryCheck library, CancellationToken cancellationToken)
    {
        await vault.StartAsync(cancellationToken);
        await library.RunRecoveredAsync(cancellationToken);
        await TerminateAsync(vault);
    }

    /// <summary>Ends the vault, and starts it again for as long as its rows ask for work.</summary>
    async Task QuietenAsync(VaultVictim vault, ChannelCheck channel, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            await TerminateAsync(vault);
            var unfinished = await channel.CountUnfinishedAsync(cancellationToken);
            if (unfinished == 0)
                return;
            if (round == MostRounds)
            {
                tally.Break(Invariant.Final, $"{unfinished} videos still ask for work");
                return;
            }

            await vault.StartAsync(cancellationToken);
            // The longer, the more rounds there were: on a busy machine a short one is over before anything was done.
            var length = round * Round;
            await Task.Delay(length < LongestRound ? length : LongestRound, cancellationToken);
        }
    }

    async Task TerminateAsync(VaultVictim vault)
    {
        var code = await vault.TerminateAsync();
        tally.Check(Invariant.Process, code == 0, () => $"asked to end, the vault ended with {code}");
    }

    async Task TellAsync(CancellationToken ending)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Task.Delay(BetweenLines, ending);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            tell(
                $"{Units.Clock(started.Elapsed.TotalSeconds)}: {_shelf.Films.Count} uploads, "
                    + $"{_shelf.Films.Count(film => film.WasReady)} seen ready, {Sum("actions")} actions, "
                    + $"{Sum("faults")} faults, {Sum("reads")} reads, "
                    + $"{Units.Size(tally.Of("bytes", "compared"))} compared, {tally.Breaks} broken"
            );
        }
    }

    long Sum(string group) => tally.Counts.Where(count => count.Group == group).Sum(count => count.Count);
}
