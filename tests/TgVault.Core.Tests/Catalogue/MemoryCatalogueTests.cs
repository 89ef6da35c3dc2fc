using TgVault.Core.Catalogue;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

public sealed class MemoryCatalogueTests : CatalogueContract
{
    protected override Task<ICatalogue> NewCatalogue() => Task.FromResult<ICatalogue>(new MemoryCatalogue());
}
