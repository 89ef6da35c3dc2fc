using System.Diagnostics;

namespace TgVault.Browser.Tests.Programs;

/// <summary>Runs a program to its end.</summary>
static class ProgramRun
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <returns>What it printed on both outputs, errors first.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it printed.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            }
        )!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var printed = (await error + output).Trim();
            return process.ExitCode == 0
                ? printed
                : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {printed}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
