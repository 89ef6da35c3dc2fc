using TgVault.Core.Staging;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Staging;

public sealed class MemoryStagingTests : StagingContract
{
    protected override Task<IStaging> NewStaging() => Task.FromResult<IStaging>(new MemoryStaging(TimeProvider.System));

    protected override Task Upload(IStaging staging, string name, byte[] content)
    {
        ((MemoryStaging)staging).Put(StagingArea.Uploads, name, content);
        return Task.CompletedTask;
    }
}
