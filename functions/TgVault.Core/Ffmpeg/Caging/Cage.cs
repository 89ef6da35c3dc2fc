using System.Collections.Immutable;

namespace TgVault.Core.Ffmpeg.Caging;

/// <summary>What one run of a program that reads a stranger's file may use and see.</summary>
/// <param name="Bounds">How much of time, memory and disk.</param>
/// <param name="Reads">Files that it may read, besides its own program and libraries.</param>
/// <param name="Writes">
/// Files that it may read and write. Of one that is not there yet it is the folder: names with a number in them, say.
/// </param>
sealed record Cage(RunBounds Bounds, ImmutableArray<string> Reads, ImmutableArray<string> Writes)
{
    /// <summary>A cage for looking into one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How long it may take, however long the file is.</param>
    public static Cage OfProbe(string path, TimeSpan most) =>
        new(RunBounds.OfProbe(new FileInfo(path) is { Exists: true, Length: var length } ? length : 0, most), [path], []);

    /// <summary>A cage without any file.</summary>
    public static Cage Of(RunBounds bounds) => new(bounds, [], []);
}
