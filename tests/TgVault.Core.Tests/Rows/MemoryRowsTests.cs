using TgVault.Core.Rows;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rows;

/// <summary>What other tests use in the place of a store.</summary>
public sealed class MemoryRowsTests : RowContract
{
    private protected override IRowStore NewStore() => new MemoryRowStore(TimeProvider.System);
}
