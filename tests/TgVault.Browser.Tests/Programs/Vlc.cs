using System.Diagnostics;
using System.Globalization;

namespace TgVault.Browser.Tests.Programs;

/// <summary>VLC without a window: plays, is sent to places by its remote control, and plays to the end.</summary>
static class Vlc
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // Long enough that pictures of the place before the seek are through.
    const int PicturesAtAPlace = 20;

    /// <summary>The numbers in all pictures that it showed, in their order.</summary>
    /// <param name="url">What to play.</param>
    /// <param name="seconds">Where to go, one place after the other; it takes whole seconds only.</param>
    /// <exception cref="InvalidOperationException">It did not come to the end; the message has what it complained of.</exception>
    public static async Task<IReadOnlyList<int>> LookAsync(string url, IEnumerable<int> seconds)
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-vlc-").FullName;
        try
        {
            using var limit = new CancellationTokenSource(Longest);
            // It refuses to run as root.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            string[] command = Environment.IsPrivilegedProcess
                ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", $"HOME={folder}", "cvlc"]
                : ["cvlc"];
            using var process = Process.Start(
                new ProcessStartInfo(command[0], [.. command[1..], .. OptionsOf(folder), url])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            try
            {
                await UntilAsync(PicturesAtAPlace);
                foreach (var second in seconds)
                {
                    var before = Pictures();
                    await process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seek {second}"));
                    await UntilAsync(before + PicturesAtAPlace);
                }

                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"VLC showed {Pictures()} pictures, then no more: {string.Join('\n', await printed)}");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }

            return await PictureNumbers.ReadAsync(folder, "*.png");

            async Task UntilAsync(int count)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
                while (Pictures() < count)
                    await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        int Pictures() => Directory.EnumerateFiles(folder, "*.png").Count();
    }

    // The filter "scene" keeps every picture that is shown.
    static IEnumerable<string> OptionsOf(string folder) =>
        [
            "--intf=oldrc",
            "--rc-fake-tty",
            "--no-audio",
            "--vout=vdummy",
            "--video-filter=scene",
            "--scene-format=png",
            "--scene-ratio=1",
            $"--scene-path={folder}",
            "--play-and-exit",
        ];
}
