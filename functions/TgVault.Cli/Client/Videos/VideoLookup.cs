using TgVault.Cli.Terminal;
using TgVault.Core;
using TgVault.Core.Library;

namespace TgVault.Cli.Client.Videos;

/// <summary>
/// Which video a person means: by its id, by its whole name (with its folder before it, if several have the name), or by the beginning or
/// the end of its id.
/// </summary>
sealed class VideoLookup(VaultClient vault)
{
    /// <summary>Characters of a part of an id. Ids begin with their time and end at random: so many begin alike only within
    /// minutes.</summary>
    public const int ShortestPart = 6;

    /// <summary>Parts of ids are looked for among so many of the newest videos.</summary>
    public const int MostLookedThrough = 2000;

    const int MostOfOneName = 1000;
    const int MostNamed = 5;
    const int MostSuggested = 3;

    /// <summary>The lists that names and parts of ids are looked for in, by status; null: all but the trash.</summary>
    public IReadOnlyList<string?> Statuses { get; init; } = [null];

    /// <exception cref="CommandFailedException">There is none, or there are several.</exception>
    public async Task<VideoView> GetAsync(string given, CancellationToken cancellationToken)
    {
        if (VideoId.TryParse(given) is not null)
            return await vault.GetAsync(given, cancellationToken);
        var named = await NamedAsync(given, cancellationToken);
        if (named.Count == 0 && IsPart(given))
            named = await PartsAsync(given, cancellationToken);
        return named.Count switch
        {
            1 => named[0],
            0 => throw await NothingAsync(given, cancellationToken),
            _ => throw new CommandFailedException(
                $"{given} may be {string.Join(", ", named.Take(MostNamed).Select(Describe))}"
                    + $"{(named.Count > MostNamed ? " or others" : "")}: say which by its id."
            ),
        };
    }

    /// <summary>A video of this name and size that is stored or being stored; null where there is none.</summary>
    public async Task<VideoView?> FindStoredAsync(string name, long sizeBytes, CancellationToken cancellationToken) =>
        (await NamedAsync(name, cancellationToken)).FirstOrDefault(video =>
            video.SizeBytes == sizeBytes && video.Status is "ready" or "ingesting"
        );

    /// <summary>That there is none, with some whose names have words that begin so.</summary>
    async Task<CommandFailedException> NothingAsync(string given, CancellationToken cancellationToken)
    {
        var words = given.Length <= VideoQuery.MostSearchCharacters ? given : given[..VideoQuery.MostSearchCharacters];
        var like = string.IsNullOrWhiteSpace(words)
            ? []
            : await ListAsync(VideoFilter.All with { Search = words }, MostSuggested, cancellationToken)
                .Take(MostSuggested)
                .ToListAsync(cancellationToken);
        return new CommandFailedException(
            like.Count > 0
                ? $"There is no video {given} in this vault; do you mean {string.Join(" or ", like.Select(Describe))}?"
                : $"There is no video {given} in this vault: a whole name or an id is wanted, or {ShortestPart} characters of the "
                    + "beginning or end of one. `./tgvault search WORDS` finds names."
        );
    }

    static bool IsPart(string given) =>
        given.Length is >= ShortestPart and < VideoId.TextLength && given.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));

    static string Describe(VideoView video) => $"{video.Id} ({(video.Folder.Length > 0 ? $"{video.Folder}/" : "")}{video.Name})";

    async Task<List<VideoView>> NamedAsync(string given, CancellationToken cancellationToken)
    {
        var slash = given.LastIndexOf('/');
        var (folder, name) = slash < 0 ? (null, given) : (FolderName.Clean(given[..slash]), given[(slash + 1)..]);
        var words = name.Length <= VideoQuery.MostSearchCharacters ? name : name[..VideoQuery.MostSearchCharacters];
        var found = new List<VideoView>();
        if (string.IsNullOrWhiteSpace(words))
            return found;
        await foreach (var video in ListAsync(new VideoFilter(words, folder, null, null), MostOfOneName, cancellationToken))
        {
            if (video.Name == name && video.Status != "deleting")
                found.Add(video);
        }

        return found;
    }

    async Task<List<VideoView>> PartsAsync(string given, CancellationToken cancellationToken)
    {
        var found = new List<VideoView>();
        await foreach (var video in ListAsync(VideoFilter.All, MostLookedThrough, cancellationToken))
        {
            if (video.Id.StartsWith(given, StringComparison.Ordinal) || video.Id.EndsWith(given, StringComparison.Ordinal))
                found.Add(video);
        }

        return found;
    }

    IAsyncEnumerable<VideoView> ListAsync(VideoFilter filter, int limit, CancellationToken cancellationToken) =>
        Statuses.ToAsyncEnumerable().SelectMany(status => vault.ListAsync(filter with { Status = status }, limit, cancellationToken));
}
