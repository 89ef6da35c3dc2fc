using TgVault.Core.Library;
using TgVault.Testing;

namespace TgVault.Core.Tests.Library;

public sealed class MemoryLibraryTests : LibraryContract
{
    protected override Task<ILibrary> NewCatalogue() => Task.FromResult<ILibrary>(new MemoryLibrary());
}
