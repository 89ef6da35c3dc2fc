using System.CommandLine;
using System.Runtime.CompilerServices;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;

namespace TgVault.Cli.Commands.Copies;

/// <summary>The videos that a look at copies goes through.</summary>
static class StoredVideos
{
    static readonly string[] Statuses = ["ready", "trashed"];

    public static Argument<string?> Argument() =>
        new("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "One video; without it all, those in the trash too." };

    public static async IAsyncEnumerable<VideoView> FindAsync(
        VaultClient vault,
        string? given,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (given is not null)
        {
            yield return await new VideoLookup(vault).GetAsync(given, cancellationToken);
            yield break;
        }

        foreach (var status in Statuses)
        {
            await foreach (var video in vault.ListAsync(VideoFilter.All with { Status = status }, int.MaxValue, cancellationToken))
                yield return video;
        }
    }
}
