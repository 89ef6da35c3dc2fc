using Azure.Core;
using Azure.Core.Pipeline;

namespace TgVault.Core.Tests;

/// <summary>Counts the requests that really go to the storage account, retries included.</summary>
sealed class CountingPolicy : HttpPipelineSynchronousPolicy
{
    int _count;

    public int Count => _count;

    public void Reset() => _count = 0;

    public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _count);
}
