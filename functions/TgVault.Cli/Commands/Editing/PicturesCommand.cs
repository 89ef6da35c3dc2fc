using System.CommandLine;
using System.Runtime.CompilerServices;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault pictures [ID]</c>: has posters and storyboards made of videos that were stored without.</summary>
static class PicturesCommand
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var id = new Argument<string?>("ID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "One video, whose pictures are made anew; without it all that have none.",
        };
        var command = new Command("pictures", "Make posters and storyboards of videos that were stored without.") { id };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var failed = 0;
                await foreach (var video in FindAsync(vault, parsed.GetValue(id), cancellationToken))
                {
                    var made = await MakeAsync(vault, video, cancellationToken);
                    Output.Line($"{made.Id}  {made.Poster.Told}  {SafeText.Of(made.Name)}");
                    failed += made.Poster.Status == "stored" ? 0 : 1;
                }

                return failed == 0 ? 0 : 1;
            }
        );
        return command;
    }

    /// <summary>What is to be made: what was made is not listed again, so that a run that was stopped goes on where it was.</summary>
    static async IAsyncEnumerable<VideoView> FindAsync(
        VaultClient vault,
        string? id,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (id is not null)
        {
            yield return await new VideoLookup(vault).GetAsync(id, cancellationToken);
            yield break;
        }

        await foreach (var video in vault.ListAsync(new VideoFilter(null, null, null, "ready"), int.MaxValue, cancellationToken))
        {
            // Nothing was tried yet, and there are moving pictures in it.
            if (video.Poster.Status.Length == 0 && video.HasPictures)
                yield return video;
        }
    }

    static async Task<VideoView> MakeAsync(VaultClient vault, VideoView video, CancellationToken cancellationToken)
    {
        var now = await vault.MakePicturesAsync(video.Id, cancellationToken);
        using var timer = new PeriodicTimer(Interval);
        while (now.Poster.Status == "waiting" || now.Storyboard.Status == "waiting")
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            now = await vault.GetAsync(video.Id, cancellationToken);
        }

        return now;
    }
}
