using System.Diagnostics;
using System.Text.Json;

namespace TgVault.Core.Tests.Rotation;

/// <summary>Runs the program that is written from FORMAT.md alone over a stand-in's folder.</summary>
static class IndependentReader
{
    /// <summary>Every video as a line of JSON, then the whole vault.</summary>
    /// <param name="folder">The stand-in's.</param>
    /// <param name="channel">Where the catalogue is pinned.</param>
    /// <param name="target">Where the files are written.</param>
    /// <param name="masterSecret">What opens it.</param>
    public static async Task<(int Code, List<JsonElement> Lines, string Error)> RunAsync(
        string folder,
        long channel,
        string target,
        string masterSecret
    )
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "format", "open-vault.mjs"), folder, $"{channel}", target];
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TGVAULT_MASTER_SECRET"] = masterSecret;
        using var reader = Process.Start(start)!;
        var error = reader.StandardError.ReadToEndAsync();
        var output = await reader.StandardOutput.ReadToEndAsync();
        await reader.WaitForExitAsync();
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (reader.ExitCode, [.. lines.Select(line => JsonDocument.Parse(line).RootElement)], await error);
    }

    /// <summary>SHA-256 of every file that it wrote, by video and number.</summary>
    public static SortedDictionary<string, string> FilesOf(List<JsonElement> lines)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var video in lines[..^1])
        {
            foreach (var file in video.GetProperty("files").EnumerateArray())
                files.Add(
                    $"{video.GetProperty("id").GetString()}/{file.GetProperty("number").GetInt32()}",
                    file.GetProperty("sha256").GetString()!
                );
        }

        return files;
    }
}
