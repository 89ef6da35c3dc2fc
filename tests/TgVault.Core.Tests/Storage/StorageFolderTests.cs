using TgVault.Core.Settings;
using TgVault.Core.Storage;

namespace TgVault.Core.Tests.Storage;

public sealed class StorageFolderTests
{
    [Theory]
    [InlineData("/srv/vault")]
    [InlineData("./vault")]
    [InlineData("vault/")]
    [InlineData("/srv/my films, 2026/vault")]
    public void A_path_names_a_folder_and_there_is_nothing_wrong_with_it(string storage)
    {
        var settings = new VaultSettings { Storage = storage };

        Assert.True(StorageFolder.IsNamedBy(settings));
        Assert.Null(StorageAccount.Problem(settings));
        Assert.Throws<ArgumentException>(() => StorageAccount.Connect(settings, TimeProvider.System));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vault")]
    [InlineData("https://vault.blob.core.windows.net")]
    [InlineData("file:///srv/vault")]
    [InlineData("AccountName=vault;AccountKey=c2VjcmV0/w==")]
    [InlineData("UseDevelopmentStorage=true")]
    public void Nothing_else_does(string storage) => Assert.False(StorageFolder.IsNamedBy(new VaultSettings { Storage = storage }));

    [Fact]
    public void What_is_missing_is_told_with_all_that_can_be_given()
    {
        foreach (var storage in new[] { "", "nonsense" })
        {
            var problem = StorageAccount.Problem(new VaultSettings { Storage = storage });
            Assert.Contains("folder", problem, StringComparison.Ordinal);
            Assert.Contains("connection string", problem, StringComparison.Ordinal);
            Assert.Contains("https URL", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Contains("names a file", StorageAccount.Problem(new VaultSettings { Storage = file }), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
