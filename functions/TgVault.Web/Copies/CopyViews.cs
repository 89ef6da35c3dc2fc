using System.Collections.Immutable;
using System.ComponentModel;
using TgVault.Core.Replicas.Copies;

namespace TgVault.Web.Copies;

/// <summary>What a look at a video's copies found.</summary>
internal sealed record CopyReportView(
    [Description("Where to go on; absent where all was looked at.")] int? Next,
    [Description("Chunks that were looked at by this call.")] int Chunks,
    [Description("What these hold, before sealing.")] long Bytes,
    [Description("What was found in each place: Telegram first, then the replicas. The manifest counts as a document.")]
        ImmutableArray<CopyPlaceView> Places,
    [Description("What is not good, at most some hundred of a call.")] ImmutableArray<CopyFindingView> Findings,
    [Description("Chunks with one good copy or none, where there are replicas.")] int OneCopy,
    [Description("Telegram asks to wait so long before going on.")] double? WaitSeconds,
    [Description("How long until what is suspected should be looked at again; nothing is called lost on one proof.")]
        double? LookAgainSeconds,
    [Description("Why it ended early.")] string? Stopped
)
{
    public static CopyReportView Of(CopyReport report) =>
        new(
            report.Next,
            report.Chunks,
            report.Bytes,
            [
                .. report.Places.Select(place => new CopyPlaceView(
                    place.Place,
                    place.Good,
                    place.Missing,
                    place.Damaged,
                    place.WrongKey,
                    place.Unchecked,
                    place.Mended
                )),
            ],
            [
                .. report.Findings.Select(finding => new CopyFindingView(
                    finding.Document,
                    finding.Place,
                    finding.State,
                    finding.Reason,
                    finding.IsMended,
                    finding.IsSuspected
                )),
            ],
            report.OneCopy,
            report.Wait?.TotalSeconds,
            report.LookAgain?.TotalSeconds,
            report.Stopped.Length > 0 ? report.Stopped : null
        );
}

/// <summary>How the documents of a place are.</summary>
internal sealed record CopyPlaceView(
    [Description("`Telegram`, or the path of a replica.")] string Place,
    int Good,
    int Missing,
    int Damaged,
    [Description("Of files whose key does not open.")] int WrongKey,
    [Description("Not looked at: Telegram asks to wait, or the place could not be reached.")] int Unchecked,
    [Description("Made anew, of those missing and damaged.")] int Mended
);

/// <summary>A copy that is not good.</summary>
internal sealed record CopyFindingView(
    [Description("`manifest`, or `chunk` and its number; of the catalogue `catalogue`, `pin`, or `segment` and its message.")]
        string Document,
    string Place,
    CopyState State,
    string Reason,
    [Description("Whether a good one took its place.")] bool Mended,
    [Description("Whether this is the first look that found it so.")] bool Suspected
);
