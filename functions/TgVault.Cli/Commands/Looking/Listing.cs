using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Looking;

/// <summary>Prints a list of videos: a table that fits a terminal, the columns that docs/cli.md promises for a pipe, or JSON.</summary>
sealed class Listing(VaultClient vault)
{
    const int LeastForFolder = 10;

    static readonly Column[] Columns =
    [
        new("ID"),
        new("STATE"),
        new("LENGTH", Drop: 2, IsRight: true),
        new("SIZE", Drop: 3, IsRight: true),
        new("CREATED", Drop: 4),
        new("FOLDER", Least: LeastForFolder, Drop: 1),
        new("NAME"),
    ];

    /// <summary>Returns the exit code.</summary>
    public async Task<int> PrintAsync(VideoFilter filter, int limit, bool isJson, CancellationToken cancellationToken)
    {
        var videos = new List<VideoView>();
        var isMore = false;
        // One more than is shown tells whether there is more.
        await foreach (var video in vault.ListAsync(filter, limit < int.MaxValue ? limit + 1 : limit, cancellationToken))
        {
            isMore = videos.Count == limit;
            if (!isMore)
                videos.Add(video);
        }

        if (isJson)
            Output.Json(videos.Select(video => video.Json));
        else if (videos.Count > 0)
            Output.Table(Columns, videos, Shown, Piped);
        if (isMore)
            Notice.PrintError(MoreThan(videos.Count, (await vault.CountAsync(cancellationToken))?.Of(filter)));
        else if (videos.Count == 0)
            Notice.PrintError(SafeText.Of(await WhyNothingAsync(filter, cancellationToken)));
        return ExitCodes.Done;
    }

    internal static string MoreThan(int shown, long? all) =>
        all > shown
            ? $"{all - shown} more: give `--all` or `--limit N`."
            : $"There are more than these {shown}: give `--all` or `--limit N`.";

    static string[] Shown(VideoView video) =>
        [
            video.Id,
            video.State,
            video.DurationSeconds > 0 ? Units.Clock(video.DurationSeconds) : "",
            Units.Size(video.SizeBytes),
            Units.Moment(video.Created),
            video.Folder,
            video.Name,
        ];

    // Scripts take these by their numbers: none is moved or removed.
    static string[] Piped(VideoView video) =>
        [video.Id, video.Status, Units.Size(video.SizeBytes), video.Created.Split('.')[0], video.Name];

    async Task<string> WhyNothingAsync(VideoFilter filter, CancellationToken cancellationToken)
    {
        if (filter is { Search: null, Tag: null, Status: null, Folder: null })
            return
                await vault.ShowStatusAsync(cancellationToken) is { } now && VideoView.Text(now, "unrecovered") is { Length: > 0 } missing
                ? $"{missing} ./tgvault recover brings it here."
                : "There is no video in this vault yet: `./tgvault upload FILE`.";
        if (filter is not { Search: null, Folder: { } wanted } || await vault.CountAsync(cancellationToken) is not { } counts)
            return "There is none.";
        var like = counts.Folders.Where(folder => folder.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        if (like is [{ Videos: 0, Below: > 0 } parent])
            return $"There is none in {parent.Name} itself, and {parent.Below} in folders below it: `--below` lists them.";
        return like is [var other, ..] && other.Name != wanted
            ? $"There is no folder {wanted}; do you mean {other.Name}?"
            : $"There is none in the folder {wanted}: `./tgvault folders` lists what there is.";
    }
}
