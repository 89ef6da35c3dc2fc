using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Local;

/// <summary>Whose data folder a vault runs on, and what others can do with it.</summary>
public sealed class PrivateFolderTests : IDisposable
{
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-private-").FullName;
    readonly string _data;

    public PrivateFolderTests() => _data = Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_folder_is_its_users_alone_and_so_is_what_is_made_in_it()
    {
        VaultFolder.Open(_data).Dispose();
        File.WriteAllText(Path.Combine(_data, "new"), "");

        Assert.Equal(Owner, File.GetUnixFileMode(_data));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data, "new")));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead | UnixFileMode.OtherExecute, "read")]
    [InlineData(UnixFileMode.GroupRead, "read")]
    [InlineData(UnixFileMode.GroupWrite, "write to")]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.OtherExecute, "write to")]
    public void One_that_others_can_read_or_write_is_refused_and_told_how_to_mend(UnixFileMode others, string what)
    {
        VaultFolder.Open(_data).Dispose();
        File.SetUnixFileMode(_data, Owner | others);

        var refused = Assert.Throws<CommandFailedException>(() => VaultFolder.Open(_data));

        Assert.Contains($"can {what} {_data}", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($"chmod 700 {_data}", refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(_data, Owner);
        VaultFolder.Open(_data).Dispose();
    }

    [Fact]
    public void An_empty_one_is_closed_unless_others_could_put_something_in()
    {
        Directory.CreateDirectory(_data);
        File.SetUnixFileMode(_data, Owner | UnixFileMode.OtherRead);
        VaultFolder.Open(_data).Dispose();
        var open = Directory.CreateDirectory(Path.Combine(_folder, "open")).FullName;
        File.SetUnixFileMode(open, Owner | UnixFileMode.OtherWrite);

        Assert.Equal(Owner, File.GetUnixFileMode(_data));
        Assert.Throws<CommandFailedException>(() => VaultFolder.Open(open));
    }

    [Theory]
    [InlineData("secrets.json")]
    [InlineData("storage")]
    [InlineData("storage/vault.db")]
    [InlineData("telegram/log")]
    public void A_link_in_it_is_refused(string name)
    {
        VaultFolder.Open(_data).Dispose();
        var link = Path.Combine(_data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.Combine(_folder, "elsewhere"));

        var refused = Assert.Throws<CommandFailedException>(() => VaultFolder.Open(_data));

        Assert.StartsWith($"{link} is a symbolic link.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whose_a_folder_is_is_known()
    {
        Assert.False(Ownership.IsAnothers(_folder));
        // Only root can give a folder away, so of others' there is one for each user to look at.
        Assert.NotEqual(Environment.IsPrivilegedProcess, Ownership.IsAnothers("/usr"));
    }
}
