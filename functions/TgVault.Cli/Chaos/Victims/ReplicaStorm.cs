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
            Tally.Count("faults", FileDamage.Do(files[(int)(which % (ulong)files.Length)], what % 3, where));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The vault removed it just now.
        }
    }
}

/// <summary>What disks do to files.</summary>
static class FileDamage
{
    /// <summary>Damages one; what was done.</summary>
    /// <param name="path">A file that is not empty.</param>
    /// <param name="kind">0 to 2.</param>
    /// <param name="where">Says at which byte.</param>
    /// <exception cref="FileNotFoundException">It is not there any more.</exception>
    public static string Do(string path, int kind, ulong where)
    {
        if (kind == 0)
        {
            if (!File.Exists(path))
                throw new FileNotFoundException("It is gone.", path);
            File.Delete(path);
            return "a chunk of the replica vanished";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var at = (long)(where % (ulong)file.Length);
        if (kind == 1)
        {
            file.SetLength(at);
            return "a chunk of the replica was cut";
        }

        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
        return "a bit of the replica flipped";
    }
}
