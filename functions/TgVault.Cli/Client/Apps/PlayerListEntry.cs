using System.Runtime.CompilerServices;

namespace TgVault.Cli.Client.Apps;

/// <summary>A film of a list for players.</summary>
/// <param name="Folder">Its folder in the library; empty for none.</param>
/// <param name="Name">Without an extension.</param>
sealed record PlayerListEntry(string Folder, string Name, string Url)
{
    const string Info = "#EXTINF:";
    const string Group = "#EXTGRP:";

    /// <summary>Reads the lines of extended M3U as the vault writes them; others are passed over.</summary>
    public static async IAsyncEnumerable<PlayerListEntry> ReadAsync(
        IAsyncEnumerable<string> lines,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (folder, name) = ("", "");
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (line.StartsWith(Info, StringComparison.Ordinal))
                (folder, name) = ("", line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]);
            else if (line.StartsWith(Group, StringComparison.Ordinal))
                folder = line[Group.Length..];
            else if (line.Length > 0 && line[0] != '#')
                yield return new PlayerListEntry(folder, name, line);
        }
    }
}
