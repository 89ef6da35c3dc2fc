using Microsoft.Extensions.Hosting;
using TgVault.Core.Library;
using TgVault.Web.Http;

namespace TgVault.Web.Lists;

/// <summary>How much there is in the library, counted now and then.</summary>
internal sealed class LibraryFigures(ILibrary library, TimeProvider time, IHostApplicationLifetime host)
{
    // Somebody who has just changed a folder looks at its count.
    static readonly TimeSpan ShortestCounts = TimeSpan.FromSeconds(1);

    static readonly TimeSpan ShortestSpace = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of what is stored, boxed.</summary>
    public Kept<object> StoredBytes { get; } = new(async () => await library.MeasureAsync(host.ApplicationStopping), ShortestSpace, time);

    /// <summary>Videos by folder, tag and status.</summary>
    public Kept<ListsView> Lists { get; } =
        new(async () => ListsView.Of(await library.CountAsync(host.ApplicationStopping)), ShortestCounts, time);
}
