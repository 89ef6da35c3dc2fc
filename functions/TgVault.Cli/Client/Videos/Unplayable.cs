namespace TgVault.Cli.Client.Videos;

/// <summary>Which links would play nothing, and why.</summary>
static class Unplayable
{
    /// <summary>Null where such a link plays; otherwise why not, and what to do.</summary>
    /// <param name="kind">mp4, hls, dash or embed.</param>
    public static string? Why(VideoView video, string kind) =>
        video switch
        {
            { Status: "failed" } => $"{video.Name} could not be stored, so there is nothing to play: {video.Failure}",
            { Status: "trashed" } => $"{video.Name} is in the trash: `./tgvault trash restore {video.Id}` brings it back.",
            { Status: "deleting" } => $"{video.Name} is being removed.",
            { Status: "waiting" } => $"{video.Name} has not arrived yet: upload it first, or wait until it is stored.",
            { Status: not "ready" } => $"{video.Name} is not stored yet ({video.State}): `./tgvault watch` shows how far it is.",
            { Decision: "keepAsFile" } when kind != "mp4" =>
                $"{video.Name} is kept as a file and plays nowhere; --kind mp4 gives a link that downloads it. {video.Reason}",
            { ContentType: "video/webm" } when kind is "hls" or "dash" =>
                $"{video.Name} is stored as WebM, and {kind.ToUpperInvariant()} is made of MP4 only; "
                    + "--kind mp4 gives a link that plays it.",
            _ => null,
        };
}
