using TgVault.Cli.Terminal;
using TgVault.Core.Recovery;

namespace TgVault.Cli.Commands.Recovering;

/// <summary>What a recovery did, as it is printed: each line says what was checked, and no more.</summary>
static class RecoveryLines
{
    public static void Print(RecoveryReport report, RecoveryRequest request)
    {
        foreach (var failure in report.Failures)
            Failures.Print($"{failure.Video}: {failure.Reason}");
        if (report.Failed > report.Failures.Length)
            Failures.Print($"... and {report.Failed - report.Failures.Length} more.");
        if (report.LostChanges > 0)
            Failures.Print(
                $"Parts of the catalogue with {report.LostChanges} changes cannot be read: videos may be missing, and others be as they "
                    + $"were before. {report.LostReason}"
            );

        foreach (var line in Of(report, request))
            Output.Line(line);
    }

    internal static IEnumerable<string> Of(RecoveryReport report, RecoveryRequest request)
    {
        var whole = report.Videos - report.Failed;
        var place = report.Replica.Length > 0 ? "the replica" : "the channel";
        if (report.Replica.Length > 0)
            yield return $"from       the replica {report.Replica}";
        yield return $"videos     {whole} of {report.Videos}";
        yield return $"manifests  {report.Opened} read and opened, with every key in them"
            + (report.There > 0 ? $"; {report.There} videos were in the tables already, and stay as they are" : "");
        yield return $"files      {report.Files}, with what is stored beside the videos";
        yield return $"chunks     {report.Chunks} in the tables, all that these files consist of, {Units.Size(report.Bytes)}";
        yield return request.ReadChunks
            ? $"read       {report.Read} of {report.Chunks} chunks came back from {place} and opened"
            : $"read       no chunk: whether all are still in {place} was not looked at (--check reads and opens each)";
        if (report.Replica.Length > 0)
            yield return $"next       start the vault with {report.Replica} as a replica (TgVault__Replicas__0__...); films play from "
                + "there until ./tgvault replicate posts them";
        if (report.Opened > 0 && !request.KeepLinks)
            yield return "links      those made before are over; make new ones";
        yield return report.IsComplete ? "complete   yes" : "complete   no; run it again to try the others again";
    }
}
