using Azure.Data.Tables;
using TgVault.Core.Rows;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rows;

[Collection(AzuriteCollection.Name)]
public sealed class TableRowsTests(AzuriteFixture azurite) : RowContract
{
    private protected override IRowStore NewStore() => StoreIn(azurite);

    internal static TableRowStore StoreIn(AzuriteFixture azurite)
    {
        var settings = azurite.NewStorage();
        return new TableRowStore(new TableServiceClient(settings.Storage), settings.StoragePrefix);
    }
}
