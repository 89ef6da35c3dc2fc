using Azure.Core;
using Azure.Core.Pipeline;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Uploads;

/// <summary>Says on the bar that a try of a request to storage failed, since the SDK asks again for a while without a word.</summary>
sealed class StorageTries(Transfer transfer) : HttpPipelinePolicy
{
    const string Failed = "no answer, trying again ...";

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception) when (!message.CancellationToken.IsCancellationRequested)
        {
            transfer.Note(Failed);
            throw;
        }

        transfer.Note(message.ResponseClassifier.IsRetriableResponse(message) ? Failed : null);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("bug: uploads are asynchronous");
}
