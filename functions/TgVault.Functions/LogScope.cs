using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace TgVault.Functions;

/// <summary>Puts the function and the invocation on every line that is logged inside, whichever part of the vault writes it.</summary>
sealed class LogScope(ILogger<LogScope> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using (
            logger.BeginScope(
                new Dictionary<string, object> { ["Function"] = context.FunctionDefinition.Name, ["Invocation"] = context.InvocationId }
            )
        )
        {
            // No ConfigureAwait: an orchestrator goes on only on its own thread.
            await next(context);
        }
    }
}
