using System.Diagnostics;
using System.Runtime.Versioning;
using TgVault.Core.Ffmpeg;

namespace TgVault.Core.Tests.Ffmpeg;

[SupportedOSPlatform("linux")]
public sealed class TemporaryFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-temporary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_process_that_is_gone_left_is_swept()
    {
        var name = OwnedBy(EndedProcess());
        var left = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(left, "file.mp4"), "half a film");
        // As the version before called it.
        var before = Write(name + ".mp4");

        TemporaryFile.Sweep(_folder);

        Assert.False(Directory.Exists(left));
        Assert.False(File.Exists(before));
    }

    [Fact]
    public void It_is_nobodys_but_the_vaults_and_goes_with_what_lies_beside_it()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = TemporaryFile.Create(_folder, ".mp4");
        var own = Path.GetDirectoryName(file.Path)!;
        File.WriteAllText(Path.Combine(own, "picture-1.jpg"), "a picture");

        Assert.Equal((owner, owner | UnixFileMode.UserExecute), (File.GetUnixFileMode(file.Path), File.GetUnixFileMode(own)));
        file.Dispose();
        file.Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void What_a_running_process_works_on_is_kept()
    {
        using var file = TemporaryFile.Create(_folder, ".mp4");
        File.WriteAllText(file.Path, "frames");

        TemporaryFile.Sweep(_folder);

        Assert.True(File.Exists(file.Path));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(9, false)]
    public void What_another_machine_wrote_to_a_shared_folder_is_kept_as_long_as_it_may_be_in_use(int days, bool isKept)
    {
        var file = Write($"tgvault-{EndedProcess()}-another0-{Guid.NewGuid():N}.mp4");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-days));

        TemporaryFile.Sweep(_folder);

        Assert.Equal(isKept, File.Exists(file));
    }

    [Fact]
    public void What_is_not_the_vaults_is_kept()
    {
        string[] others = [Write("tgvault-notes.txt"), Write("tgvault-1-2"), Write("film.mp4")];
        foreach (var file in others)
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-9));

        TemporaryFile.Sweep(_folder);

        Assert.All(others, file => Assert.True(File.Exists(file)));
    }

    /// <summary>The name of a folder of this machine, as another process would have named it.</summary>
    string OwnedBy(int process)
    {
        using var mine = TemporaryFile.Create(_folder, ".mp4");
        return Path.GetFileName(Path.GetDirectoryName(mine.Path)!)
            .Replace($"-{Environment.ProcessId}-", $"-{process}-", StringComparison.Ordinal);
    }

    string Write(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, "left");
        return path;
    }

    static int EndedProcess()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }
}
