using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Rows;

enum CallKind
{
    Insert,
    Put,
    Replace,
    Delete,
    TryDelete,
    Find,
    Batch,
    List,
    DeleteRange,
}

/// <summary>One call with everything that is chosen about it, so that it can be made to two stores.</summary>
sealed record RandomCall(CallKind Kind, int Salt)
{
    // Few, so that calls meet; with what sorts oddly among them.
    static readonly string[] Partitions = ["a", "a.1", "a.12", "B", "tag:x_2f", "~"];
    static readonly string[] Keys = ["0", "0000001", "x0000000001", "A", "a", "a-", "a.b", "it's", "(k)", "zz"];
    static readonly string[] Some = ["Text", "Number"];

    public int PageRows =>
        (Salt % 7) switch
        {
            0 => 1,
            1 => 2,
            2 => 3,
            3 => 1000,
            _ => 10,
        };

    public string[]? Columns =>
        (Salt % 5) switch
        {
            0 => [],
            1 => Some,
            _ => null,
        };

    public static RandomCall Choose(Random random, bool withRanges = true)
    {
        var kind = random.Next(100) switch
        {
            < 20 => CallKind.Insert,
            < 30 => CallKind.Put,
            < 45 => CallKind.Replace,
            < 52 => CallKind.Delete,
            < 60 => CallKind.TryDelete,
            < 72 => CallKind.Find,
            < 86 => CallKind.Batch,
            < 98 => CallKind.List,
            _ => CallKind.DeleteRange,
        };
        if (!withRanges && kind is (CallKind.List or CallKind.DeleteRange))
            kind = CallKind.Find;
        return new RandomCall(kind, random.Next());
    }

    public Row Row(string ownKeys)
    {
        var random = new Random(Salt);
        return Filled(random, Pick(random, Partitions), ownKeys + Pick(random, Keys));
    }

    public IEnumerable<(RowChangeKind Kind, Row Row)> Batch(string ownKeys)
    {
        var random = new Random(Salt);
        var partition = Pick(random, Partitions);
        foreach (var key in random.GetItems(Keys, random.Next(1, 5)).Distinct())
        {
            // Inserts and removals fail about half of the time: with more of them hardly any batch would be made.
            var kind = random.Next(6) switch
            {
                0 => RowChangeKind.Insert,
                1 => RowChangeKind.Replace,
                2 => RowChangeKind.Delete,
                _ => RowChangeKind.Put,
            };
            yield return (kind, Filled(random, partition, ownKeys + key));
        }
    }

    public RowRange Range()
    {
        var random = new Random(Salt);
        var (first, end) = (Pick(random, Keys), Pick(random, Keys));
        return random.Next(7) switch
        {
            0 when Kind == CallKind.List => RowRange.All,
            1 => RowRange.Of(Pick(random, Partitions)),
            2 => RowRange.Keys(Pick(random, Partitions), first, end),
            3 => RowRange.After(Pick(random, Partitions), first),
            4 => RowRange.After(Pick(random, Partitions), first, end),
            5 => RowRange.Partitions("a.", "az"),
            _ => RowRange.Partitions(Pick(random, Partitions), Pick(random, Partitions)),
        };
    }

    static Row Filled(Random random, string partition, string key)
    {
        var row = new Row(partition, key) { ["Number"] = random.Next() };
        if (random.Next(2) == 0)
            row["Text"] = new string((char)random.Next('!', 0x3000), random.Next(40));
        if (random.Next(2) == 0)
            row["Long"] = random.NextInt64(long.MinValue, long.MaxValue);
        if (random.Next(3) == 0)
            row["Flag"] = random.Next(2) == 0;
        if (random.Next(3) == 0)
            row["Time"] = new DateTimeOffset(random.NextInt64(600_000_000_000_000_000, 700_000_000_000_000_000), TimeSpan.Zero);
        if (random.Next(3) == 0)
        {
            var bytes = new byte[random.Next(70)];
            random.NextBytes(bytes);
            row["Bytes"] = bytes;
        }

        return row;
    }

    static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];
}
