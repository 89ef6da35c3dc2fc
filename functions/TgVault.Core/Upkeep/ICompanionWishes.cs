using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// What people wish beside a ready video. A wish is in the row at once; an amendment (<see cref="IAmendments"/>) carries it out.
/// </summary>
public interface ICompanionWishes
{
    /// <summary>
    /// Stages a companion of a ready video. It plays once it is stored, in place of the one that it replaces
    /// (<see cref="Companion.HasPlaceOf"/>). Null where the video is not there or not ready.
    /// </summary>
    /// <param name="id">The video.</param>
    /// <param name="companion">What it is; number, length, state and what follows from them are set here.</param>
    /// <param name="content">At least one byte.</param>
    /// <param name="isWanted">Asked of the row that is changed, whatever others write meanwhile: where it says no, nothing is
    /// added.</param>
    /// <param name="cancellationToken">Stops staging.</param>
    /// <exception cref="VaultException">The video has as many companions as it can have.</exception>
    Task<Companion?> AddAsync(
        VideoId id,
        Companion companion,
        Stream content,
        Func<Video, bool> isWanted,
        CancellationToken cancellationToken
    );

    /// <summary>The same, in whichever state the video is.</summary>
    Task<Companion?> AddAsync(VideoId id, Companion companion, Stream content, CancellationToken cancellationToken) =>
        AddAsync(id, companion, content, _ => true, cancellationToken);

    /// <summary>Takes companions out: they open no more, and their documents go. Nothing changes where the video is not ready.</summary>
    /// <param name="id">The video.</param>
    /// <param name="which">Those that go.</param>
    /// <param name="isWanted">Asked of the row that is changed, as in adding.</param>
    /// <param name="cancellationToken">Stops it before the row is written.</param>
    /// <returns>The row as it now stands; null where there is none.</returns>
    Task<Video?> RemoveAsync(VideoId id, Func<Companion, bool> which, Func<Video, bool> isWanted, CancellationToken cancellationToken);
}
