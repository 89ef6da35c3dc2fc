using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Ffmpeg.Caging;

/// <summary>
/// What a program can do that a hostile file has taken over: a script in the place of ffmpeg tries, and tells what came of it. This machine
/// has all that the cage is made of; where a system lacks something, the vault says so.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class CageTests : IDisposable
{
    static readonly RunBounds Bounds = RunBounds.OfRun(1 << 20, 10, 0, null);

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-cage-").FullName;
    readonly string _programs;

    public CageTests() => _programs = Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task It_sees_nothing_of_the_environment()
    {
        Environment.SetEnvironmentVariable("TgVault__CageTests", "a secret");

        // The kernel's own word, as it was when the program began.
        var environment = await RunAsync("tr '\\0' '\\n' < /proc/$$/environ && echo read", notes: ["/proc"]);

        Assert.Equal("read", environment.Trim());
    }

    [Fact(Timeout = 60_000)]
    public async Task It_reads_and_writes_its_own_files_and_no_others()
    {
        var (input, output, secret) = (Write("in"), Write("out"), Write("secrets.json"));

        var done = await RunAsync(
            $"""
            cat {input} > {output} && echo copied
            echo more >> {input} || echo input stays
            cat {secret} || echo secret stays
            cat /etc/passwd || echo passwd stays
            cat /proc/$PPID/environ || echo environment stays
            ls {_folder} || echo folder stays
            echo x > {_folder}/new || echo nothing new
            """,
            reads: [input],
            writes: [output]
        );

        Assert.Equal(
            ["copied", "input stays", "secret stays", "passwd stays", "environment stays", "folder stays", "nothing new"],
            done.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal(("in", "in"), (await File.ReadAllTextAsync(input), await File.ReadAllTextAsync(output)));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_reaches_no_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var done = await RunAsync(
            $"""
            (exec 3<>/dev/tcp/127.0.0.1/{port}) && echo tcp
            (exec 3<>/dev/udp/127.0.0.1/{port}) && echo udp
            echo tried
            """
        );

        Assert.Equal("tried", done.Trim());
        Assert.False(listener.Pending());
    }

    [Fact(Timeout = 60_000)]
    public async Task It_has_no_way_to_more_rights_and_its_files_are_its_owners()
    {
        var output = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "own")).FullName, "pictures-%d.jpg");
        var status = await RunAsync(
            $"cat /proc/self/status; echo a picture > {Path.GetDirectoryName(output)}/pictures-1.jpg",
            notes: ["/proc"],
            writes: [output]
        );

        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
        var picture = Path.Combine(Path.GetDirectoryName(output)!, "pictures-1.jpg");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(picture));
    }

    [Fact(Timeout = 60_000)]
    public async Task Its_limits_follow_from_what_it_reads()
    {
        var small = await LimitsAsync(RunBounds.OfRun(1 << 20, 10, 0, null));
        var large = await LimitsAsync(RunBounds.OfRun(1L << 30, 7200, 1920 * 1080, null));

        foreach (var name in (string[])["Max cpu time", "Max file size", "Max data size", "Max address space"])
            Assert.True(small[name] < large[name], $"{name}: {small[name]} and {large[name]}");
        Assert.Equal(0, small["Max core file size"]);
        Assert.Equal(RunBounds.OfRun(1 << 20, 10, 0, null).CpuTime.TotalSeconds, small["Max cpu time"], tolerance: 1);
        Assert.InRange(small["Max processes"], 64, 100_000);
        Assert.InRange(small["Max file size"], 1 << 20, 100 << 20);

        async Task<Dictionary<string, long>> LimitsAsync(RunBounds bounds) =>
            (await RunAsync("cat /proc/self/limits", notes: ["/proc"], bounds: bounds))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .ToDictionary(
                    line => line[..26].Trim(),
                    line => long.TryParse(line[26..47].Trim(), CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue
                );
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_would_become_too_long_ends_there_with_a_word()
    {
        var output = Write("out");

        var done = await RunAsync(
            $"head -c 9000000 /dev/zero > {output}; echo $?",
            writes: [output],
            bounds: Bounds with
            {
                FileBytes = 1 << 20,
            }
        );

        Assert.Equal("1", done.Trim());
        Assert.Equal(1 << 20, new FileInfo(output).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Memory_that_it_may_not_have_is_refused()
    {
        const string script = "dd if=/dev/zero of=/dev/null bs=100M count=1 && echo done || echo refused";

        Assert.Equal("refused", (await RunAsync(script, bounds: Bounds with { MemoryBytes = 32 << 20 })).Trim());
        Assert.Equal("done", (await RunAsync(script)).Trim());
    }

    [Fact]
    public void A_small_file_that_claims_to_last_for_days_gets_no_days()
    {
        var days = RunBounds.OfRun(10_000, TimeSpan.FromDays(2).TotalSeconds, 1920 * 1080, null);
        var film = RunBounds.OfRun(4L << 30, 7200, 1920 * 1080, null);

        Assert.InRange(days.Time, TimeSpan.Zero, TimeSpan.FromMinutes(90));
        Assert.InRange(film.Time, TimeSpan.FromHours(4), TimeSpan.FromDays(4));
        Assert.Equal(TimeSpan.FromSeconds(5), RunBounds.OfProbe(10_000, TimeSpan.FromSeconds(5)).Time);
        Assert.InRange(RunBounds.OfProbe(10_000, TimeSpan.FromSeconds(120)).Time, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public void What_holds_here_is_said()
    {
        Assert.Equal(
            "ffmpeg runs with an empty environment, limits of memory, processor time and file size, no network and no files but its own.",
            CageReport.Sentence
        );
    }

    async Task<string> RunAsync(
        string script,
        ImmutableArray<string>? reads = null,
        ImmutableArray<string>? writes = null,
        ImmutableArray<string>? notes = null,
        RunBounds? bounds = null
    )
    {
        await WriteProgramAsync($"exec 2>/dev/null\n{script}");
        using var printed = new MemoryStream();
        await FfmpegProcess.RunAsync(
            Tools(notes ?? []),
            "ffmpeg",
            [],
            new Cage(bounds ?? Bounds, reads ?? [], writes ?? []),
            CancellationToken.None,
            (output, cancellation) => output.CopyToAsync(printed, cancellation)
        );
        return Encoding.UTF8.GetString(printed.ToArray());
    }

    FfmpegTools Tools(ImmutableArray<string> notes) => new(new FfmpegSettings { Folder = _programs }) { Notes = notes };

    async Task WriteProgramAsync(string script)
    {
        var path = Path.Combine(_programs, "ffmpeg");
        await File.WriteAllTextAsync(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    string Write(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, name);
        return path;
    }
}
