using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Copies;

/// <summary>What was looked at and done, on standard error: standard output has what is not good, a line each.</summary>
static class CopyLines
{
    public static void Print(CopyTotals totals)
    {
        foreach (var line in Of(totals))
            Notice.PrintError(line);
    }

    internal static IEnumerable<string> Of(CopyTotals totals)
    {
        yield return $"videos    {totals.Videos}, with {totals.Chunks} chunks, {Units.Size(totals.Bytes)}";
        foreach (var (place, found) in totals.Places)
            yield return $"documents {string.Join(", ", PartsOf(found))} in {place}";
        if (totals.OneCopy > 0)
            yield return $"one copy  {totals.OneCopy} chunks have one copy left, or none";
        if (totals.Stopped.Length > 0)
            yield return $"stopped   {totals.Stopped}";
    }

    static IEnumerable<string> PartsOf(PlaceTotals found)
    {
        yield return $"{found.Good} good";
        if (found.Missing > 0)
            yield return $"{found.Missing} missing";
        if (found.Damaged > 0)
            yield return $"{found.Damaged} damaged";
        if (found.WrongKey > 0)
            yield return $"{found.WrongKey} whose key does not open";
        if (found.Mended > 0)
            yield return $"{found.Mended} made anew";
        if (found.Unchecked > 0)
            yield return $"{found.Unchecked} not looked at";
    }
}
