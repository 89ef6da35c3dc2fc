namespace TgVault.Core.Videos;

/// <summary>Folders as paths: <c>Films/Kids</c> lies in <c>Films</c>.</summary>
public static class VideoFolders
{
    /// <summary>The folder and all that it lies in, the outermost first; none for no folder.</summary>
    public static IEnumerable<string> Around(string folder)
    {
        if (folder.Length == 0)
            yield break;
        for (var end = folder.IndexOf('/', StringComparison.Ordinal); end >= 0; end = folder.IndexOf('/', end + 1))
        {
            if (end > 0)
                yield return folder[..end];
        }

        yield return folder;
    }

    /// <summary>Whether it is this folder or lies in it.</summary>
    internal static bool IsBelow(string folder, string outer) =>
        folder == outer || folder.StartsWith(outer + "/", StringComparison.Ordinal);
}
