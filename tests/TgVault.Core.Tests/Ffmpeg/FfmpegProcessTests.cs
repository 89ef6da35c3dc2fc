using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ffmpeg;

/// <summary>
/// What the launcher of ffmpeg and ffprobe does with programs that print too much, hang, fail or are not there. Scripts take their place.
/// </summary>
public sealed class FfmpegProcessTests : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-ffmpeg-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task Arguments_arrive_one_by_one_as_they_are()
    {
        await WriteAsync("""for a in "$@"; do printf '%s\0' "$a"; done""");
        string[] arguments = ["-i", "a film.mkv", "\"quoted\" \\ $HOME `id` ; -y", "", "ünïcode 🎬", "*"];

        using var printed = new MemoryStream();
        var ended = await RunAsync(Long, [.. arguments], read: (output, cancellation) => output.CopyToAsync(printed, cancellation));

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(string.Concat(arguments.Select(argument => argument + "\0")), Encoding.UTF8.GetString(printed.ToArray()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_what_is_printed_to_standard_error_the_end_is_kept_and_a_program_is_never_stopped_by_it()
    {
        await WriteAsync("head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; echo; echo 'the last words' >&2; exit 3");

        var ended = await RunAsync(Long);

        Assert.Equal(3, ended.ExitCode);
        Assert.EndsWith("the last words", ended.ErrorTail, StringComparison.Ordinal);
        Assert.InRange(ended.ErrorTail.Length, 4000, 8192);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_nobody_reads_stops_no_program()
    {
        await WriteAsync("head -c 17000000 /dev/zero");

        Assert.Equal(0, (await RunAsync(Long)).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_whose_reader_gives_up_is_ended_with_all_that_it_started()
    {
        await WriteAsync("echo $$ >> pids; (sleep 600 & echo $! >> pids; echo enough; wait)");

        await Assert.ThrowsAsync<MediaException>(() =>
            RunAsync(
                Long,
                read: async (output, cancellation) =>
                {
                    await output.ReadExactlyAsync(new byte[6], cancellation);
                    throw new MediaException("That is more than is read.");
                }
            )
        );

        await AssertEndedAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_takes_too_long_is_ended_with_all_that_it_started()
    {
        await WriteHangingAsync();

        var exception = await Assert.ThrowsAsync<FfmpegException>(() => RunAsync(TimeSpan.FromSeconds(2)));

        Assert.Equal("ffmpeg did not finish within 2 s.", exception.Message);
        await AssertEndedAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_a_signal_ends_just_before_its_caller_stops_has_not_failed()
    {
        await WriteAsync($"touch '{Path.Combine(_folder, "started")}'; kill -INT $$");
        using var caller = new CancellationTokenSource();
        var running = RunAsync(Long, cancellationToken: caller.Token);
        await FolderChanges.UntilAsync(_folder, () => File.Exists(Path.Combine(_folder, "started")), CancellationToken.None);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_nobody_waits_for_any_more_is_ended_with_all_that_it_started()
    {
        await WriteHangingAsync();
        using var caller = new CancellationTokenSource();
        var running = RunAsync(Long, cancellationToken: caller.Token);
        await FolderChanges.UntilAsync(_folder, () => File.Exists(Path.Combine(_folder, "started")), CancellationToken.None);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await AssertEndedAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_is_not_there_says_what_to_do()
    {
        var exception = await Assert.ThrowsAsync<FfmpegException>(() => RunAsync(Long));

        Assert.Equal("ffmpeg could not be started: install FFmpeg, or set TgVault__Ffmpeg__Folder to where it is.", exception.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_fails_is_told_in_one_sentence_and_the_log_gets_its_last_words()
    {
        await WriteAsync(
            $"echo '[mov @ 0x5] [error] {_folder}/a.input: moov atom not found'$'\\a' >&2; echo '[warning] Trailing' >&2; exit 1"
        );

        var exception = await Assert.ThrowsAsync<FfmpegException>(() =>
            FfmpegRun.From("film.mkv").To("out.mp4").RunAsync(Tools, "ffmpeg could not do it.", CancellationToken.None)
        );

        Assert.Equal(("ffmpeg could not do it: the file: moov atom not found.", 1), (exception.Message, exception.ExitCode));
        Assert.Contains("moov atom not found", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_confined_before_its_input()
    {
        var arguments = FfmpegRun.From("a b.mkv", "-ignore_editlist", "1").Add("-crf", 21, "-bf", -1).To("out.mp4").Arguments;

        Assert.Equal(["-ignore_editlist", "1", "-i", "a b.mkv", "-crf", "21", "-bf", "-1", "out.mp4"], arguments[^9..].AsEnumerable());
        Assert.Equal(["-protocol_whitelist", "file", "-format_whitelist"], arguments[^13..^10].AsEnumerable());
        Assert.Equal("-max_alloc", arguments[^15]);
    }

    FfmpegTools Tools => new(new FfmpegSettings { Folder = _folder, TemporaryFolder = _folder }) { Notes = [_folder] };

    Task<FfmpegEnd> RunAsync(
        TimeSpan limit,
        ImmutableArray<string> arguments = default,
        Func<Stream, CancellationToken, Task>? read = null,
        CancellationToken cancellationToken = default
    ) =>
        FfmpegProcess.RunAsync(
            Tools,
            "ffmpeg",
            arguments.IsDefault ? [] : arguments,
            Cage.Of(RunBounds.OfRun(0, 0, 0, null) with { Time = limit }),
            cancellationToken,
            read
        );

    async Task WriteAsync(string script)
    {
        var path = Path.Combine(_folder, "ffmpeg");
        await File.WriteAllTextAsync(path, $"#!/bin/bash\ncd {_folder}\n{script}\n");
        await Mp4Clips.RunAsync("chmod", $"u+x {path}");
    }

    // A child of a child holds the pipes too. Each notes its number, and lives longer than the test may.
    Task WriteHangingAsync() => WriteAsync("echo $$ >> pids; (sleep 600 & echo $! >> pids; touch started; wait)");

    async Task AssertEndedAsync()
    {
        foreach (var id in (await File.ReadAllLinesAsync(Path.Combine(_folder, "pids"))).Select(int.Parse))
            await WaitAsync(() => !IsRunning(id));
    }

    static async Task WaitAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
            await timer.WaitForNextTickAsync();
    }

    static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            // One that its parent has not asked after yet is dead all the same.
            return !process.HasExited && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }
}
