using TgVault.Core.Files;

namespace TgVault.Core.Tests.Files;

public sealed class DurableFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-durable-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 30_000)]
    public async Task A_file_has_its_name_only_once_it_was_renamed_and_takes_the_place_of_another()
    {
        var path = Path.Combine(_folder, "name");
        await File.WriteAllTextAsync(path, "before");
        using (var file = DurableFile.Create(_folder))
        {
            await file.AppendAsync("aft"u8.ToArray(), CancellationToken.None);
            await file.AppendAsync("er"u8.ToArray(), CancellationToken.None);
            file.Flush();
            Assert.Equal("before", await File.ReadAllTextAsync(path));
            Assert.Equal(5, file.LengthBytes);
            file.RenameTo("name");
        }

        Assert.Equal("after", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_is_not_finished_leaves_nothing()
    {
        using (var file = DurableFile.Create(_folder))
        {
            await file.AppendAsync(new byte[5], CancellationToken.None);
            Assert.Single(Directory.GetFiles(_folder));
        }

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Folders_are_made_with_those_above_them_and_renamed()
    {
        var deep = Path.Combine(_folder, "a", "b");

        DurableFolder.Create(deep);
        DurableFolder.Create(deep);
        DurableFolder.Rename(deep, "c");

        Assert.Equal([Path.Combine(_folder, "a", "c")], Directory.GetDirectories(Path.Combine(_folder, "a")));
        Assert.Throws<DirectoryNotFoundException>(() => DurableFolder.Rename(deep, "d"));
    }

    [Fact]
    public void A_folder_that_is_not_there_cannot_be_brought_to_the_disk()
    {
        if (!OperatingSystem.IsWindows())
            Assert.Throws<DirectoryNotFoundException>(() => DurableFolder.Sync(Path.Combine(_folder, "none")));
    }

    [Fact]
    public void A_full_disk_is_known_from_other_failures()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);

        var exception = Assert.Throws<IOException>(() => RandomAccess.Write(full, new byte[5], 0));

        Assert.True(DiskErrors.IsFull(exception));
        Assert.False(DiskErrors.IsFull(new IOException("The pipe broke.")));
        Assert.False(DiskErrors.IsFull(new FileNotFoundException()));
    }
}
