using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TgVault.Core;
using TgVault.Core.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Functions.Ingest;

namespace TgVault.Functions.Amendment;

/// <summary>Brings what is stored of a ready video up to its row. What fails for good is left to upkeep, which asks again.</summary>
public static class AmendmentOrchestrator
{
    [Function(nameof(AmendVideo))]
    public static async Task<StepOutcome> AmendVideo([OrchestrationTrigger] TaskOrchestrationContext context, string video)
    {
        var delay = new RemovableDelay(context);
        while (true)
        {
            var outcome = await context.CallActivityAsync<StepOutcome>(nameof(AmendmentFunctions.FinishAmendment), video, Retries.Step);
            if (outcome.Result != StepResult.Wait)
                return outcome;
            await delay.WaitAsync(outcome.Delay);
        }
    }
}

/// <summary>The activity of an amendment.</summary>
public sealed class AmendmentFunctions(IAmendments amendments)
{
    [Function(nameof(FinishAmendment))]
    public Task<StepOutcome> FinishAmendment([ActivityTrigger] string video, CancellationToken cancellationToken) =>
        amendments.RunAsync(VideoId.Parse(video), cancellationToken);
}
