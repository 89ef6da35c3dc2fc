using System.Globalization;

namespace TgVault.Testing;

/// <summary>What the system says of the processes that another one started.</summary>
public static class ChildProcesses
{
    /// <summary>The children of a process, listed under the thread that started them.</summary>
    public static IReadOnlyList<int> Of(int process) =>
        [
            .. Directory
                .GetDirectories($"/proc/{process}/task")
                .SelectMany(thread => Read(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
        ];

    /// <summary>Its arguments, a NUL behind each; empty where it has ended.</summary>
    public static string CommandLineOf(int process) => Read($"/proc/{process}/cmdline");

    /// <summary>
    /// Waits until none of them runs. Nobody is told of the end of a process that is another's child: it has to be looked for.
    /// </summary>
    public static async Task EndedAsync(IReadOnlyList<int> processes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (processes.Any(IsRunning))
            await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>A process that ended but was not waited for yet, because its parent was killed, runs no more.</summary>
    public static bool IsRunning(int process) =>
        Read($"/proc/{process}/stat") is { Length: > 0 } state && !state.Contains(") Z ", StringComparison.Ordinal);

    // What is looked at may end at any moment.
    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
