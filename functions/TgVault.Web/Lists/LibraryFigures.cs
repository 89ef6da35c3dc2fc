using Microsoft.Extensions.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Web.Http;

namespace TgVault.Web.Lists;

/// <summary>How much there is in the library, counted now and then.</summary>
internal sealed class LibraryFigures
{
    // Somebody who has just changed a folder looks at its count.
    static readonly TimeSpan ShortestCounts = TimeSpan.FromSeconds(1);

    static readonly TimeSpan ShortestSpace = TimeSpan.FromSeconds(10);

    public LibraryFigures(ILibrary library, TimeProvider time, IHostApplicationLifetime host)
    {
        StoredBytes = new(async () => await library.MeasureAsync(host.ApplicationStopping), ShortestSpace, time);
        Counts = new(() => library.CountAsync(host.ApplicationStopping), ShortestCounts, time);
    }

    /// <summary>Bytes of what is stored, boxed.</summary>
    public Kept<object> StoredBytes { get; }

    /// <summary>Videos by folder, tag and status.</summary>
    public Kept<VideoCounts> Counts { get; }
}
