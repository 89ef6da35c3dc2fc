using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Functions.Ingest;

namespace TgVault.Functions.Tests.Durable;

/// <summary>Calls the app's functions by name the way the worker does: an instance per call from the container, parameters by their
/// attributes, JSON in and out.</summary>
sealed class FunctionCalls(IServiceProvider services)
{
    static readonly Dictionary<string, MethodInfo> Functions = typeof(IngestOrchestrator)
        .Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Select(method => (Method: method, Attribute: method.GetCustomAttribute<FunctionAttribute>()))
        .Where(function => function.Attribute is not null)
        .ToDictionary(function => function.Attribute!.Name, function => function.Method);

    /// <summary>Runs an activity and gives its result as JSON.</summary>
    public async Task<string> RunActivityAsync(string name, string input, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var method = Find<ActivityTriggerAttribute>(name);
        var arguments = method
            .GetParameters()
            .Select(parameter =>
                parameter.IsDefined(typeof(ActivityTriggerAttribute)) ? JsonSerializer.Deserialize(input, parameter.ParameterType)
                : parameter.IsDefined(typeof(DurableClientAttribute)) ? client
                : parameter.ParameterType == typeof(CancellationToken) ? cancellationToken
                : throw new InvalidOperationException($"{name} has a parameter that nothing binds: {parameter}")
            );
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, method.DeclaringType!);
        return JsonSerializer.Serialize(await ResultAsync(method.Invoke(instance, [.. arguments])!));
    }

    /// <summary>The orchestrator of that name, bound to its input.</summary>
    public static Func<TaskOrchestrationContext, Task<object?>> FindOrchestrator(string name, string input)
    {
        var method = Find<OrchestrationTriggerAttribute>(name);
        var parameters = method.GetParameters();
        return context => ResultAsync(method.Invoke(null, [context, JsonSerializer.Deserialize(input, parameters[1].ParameterType)])!);
    }

    static MethodInfo Find<TTrigger>(string name)
        where TTrigger : Attribute =>
        Functions.TryGetValue(name, out var method) && method.GetParameters()[0].IsDefined(typeof(TTrigger))
            ? method
            : throw new InvalidOperationException($"There is no function {name} with a {typeof(TTrigger).Name}.");

    static async Task<object?> ResultAsync(object running)
    {
        await (Task)running;
        return
            running.GetType().GetProperty(nameof(Task<int>.Result))?.GetValue(running) is { } result
            && result.GetType().Name != "VoidTaskResult"
            ? result
            : null;
    }
}
