using TgVault.Cli.Chaos.Actors;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>What happens to the replica: its disk is away for a while, and chunks in it rot, are cut or vanish.</summary>
sealed class ReplicaStorm(Stage stage, VictimPlace place) : Actor(stage, "replica")
{
    const string Chunks = "*.tgvc";

    protected override TimeSpan Pause() => Dice.Seconds(1, 6);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var (what, which, where, away) = (Dice.From(0, 99), Dice.Roll(), Dice.Roll(), Dice.Seconds(0.5, 12));
        if (what < 25)
            await TakeAwayAsync(away, cancellationToken);
        else
            Damage(what, which, where);
    }

    async Task TakeAwayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(place.Replica))
            return;
        Tally.Count("faults", "the replica's disk is away");
        var elsewhere = place.Replica + ".away";
        Directory.Move(place.Replica, elsewhere);
        try
        {
            await WaitAsync(time, cancellationToken);
        }
        finally
        {
            // What was being written as it went may have made folders; a disk that is mounted again hides them.
            if (Directory.Exists(place.Replica))
                Directory.Delete(place.Replica, recursive: true);
            Directory.Move(elsewhere, place.Replica);
        }
    }

    void Damage(int what, ulong which, ulong where)
    {
        try
        {
            var files = Directory.Exists(place.Replica) ? Directory.GetFiles(place.Replica, Chunks, SearchOption.AllDirectories) : [];
            if (files.Length == 0)
                return;
            Tally.Count("faults", $"a chunk of the replica {FileDamage.Do(files[(int)(which % (ulong)files.Length)], what % 3, where)}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The vault removed it just now.
        }
    }
}
