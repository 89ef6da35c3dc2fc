using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Editing;

/// <summary>Changes videos one after another; one that cannot be changed does not keep the others from it.</summary>
sealed class Edits(VaultClient vault, bool isJson)
{
    /// <summary>Returns the exit code.</summary>
    /// <param name="given">What stands for each video.</param>
    /// <param name="wishes">What to change of a video.</param>
    public async Task<int> RunAsync(IEnumerable<string> given, Func<VideoView, VideoWishes> wishes, CancellationToken cancellationToken) =>
        await EachAsync(
            given,
            new VideoLookup(vault),
            async video =>
            {
                var now = await vault.ChangeAsync(video.Id, wishes(video), cancellationToken);
                if (isJson)
                    Output.Json(now.Json);
                else
                    Output.Line($"{now.Id}  {(now.Folder.Length > 0 ? $"{now.Folder}/" : "")}{now.Name}");
            },
            cancellationToken
        );

    /// <summary>Does something with each of the videos that are meant, each once; says what fails. Returns the exit code.</summary>
    public static async Task<int> EachAsync(
        IEnumerable<string> given,
        VideoLookup lookup,
        Func<VideoView, Task> act,
        CancellationToken cancellationToken
    )
    {
        var done = new HashSet<string>();
        var failures = 0;
        foreach (var one in given)
        {
            try
            {
                var video = await lookup.GetAsync(one, cancellationToken);
                if (done.Add(video.Id))
                    await act(video);
            }
            catch (CommandFailedException exception)
            {
                Failures.Print(exception);
                failures++;
            }
        }

        return failures == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
