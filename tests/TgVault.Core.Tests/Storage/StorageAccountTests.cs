using TgVault.Core.Settings;
using TgVault.Core.Storage;

namespace TgVault.Core.Tests.Storage;

public sealed class StorageAccountTests
{
    const string Key = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0";

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AccountName=a;AccountKey=not base64;EndpointSuffix=core.windows.net")]
    [InlineData("BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=sv=1")]
    [InlineData("http://a.blob.core.windows.net")]
    [InlineData("https://a.example.com")]
    [InlineData("https://a.blob.core.windows.net/container")]
    [InlineData("https://a.blob.core.windows.net/?sig=x")]
    public void A_setting_that_cannot_work_is_named_with_what_to_give(string storage)
    {
        var settings = new VaultSettings { Storage = storage };

        Assert.StartsWith("TgVault:Storage ", StorageAccount.Problem(settings), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StorageAccount.Connect(settings, TimeProvider.System));
    }

    [Theory]
    [InlineData("1a")]
    [InlineData("A")]
    [InlineData("a-b")]
    [InlineData("abcdefghijklmnopqrstu")]
    public void A_prefix_that_cannot_begin_names_is_refused(string prefix) =>
        Assert.StartsWith(
            "TgVault:StoragePrefix ",
            StorageAccount.Problem(new VaultSettings { Storage = $"AccountName=a;AccountKey={Key}", StoragePrefix = prefix }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_bad_connection_string_is_not_quoted()
    {
        var problem = StorageAccount.Problem(new VaultSettings { Storage = $"AccountName=a;AccountKey={Key};Nonsense" });

        Assert.NotNull(problem);
        Assert.DoesNotContain(Key, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://vault.blob.core.windows.net")]
    [InlineData("https://vault.blob.core.windows.net/")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=vault;AccountKey=" + Key + ";EndpointSuffix=core.windows.net")]
    public void Blobs_and_tables_are_found_from_either_form(string storage)
    {
        var account = StorageAccount.Connect(new VaultSettings { Storage = storage, StoragePrefix = "a1" }, TimeProvider.System);

        Assert.Equal("https://vault.blob.core.windows.net/", account.Blobs.Uri.AbsoluteUri);
        Assert.Equal("https://vault.table.core.windows.net/", account.Tables.Uri.AbsoluteUri);
        Assert.Equal("a1", account.Prefix);
    }
}
