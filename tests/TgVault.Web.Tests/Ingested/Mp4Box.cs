using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>What mp4box.js reads from a file.</summary>
/// <param name="Warnings">What it complained about.</param>
/// <param name="Boxes">The letters of the file's own boxes.</param>
public sealed record Mp4BoxFile(string[] Warnings, string[] Boxes, Mp4BoxTrack[] Tracks);

/// <summary>A track as mp4box.js reads it.</summary>
public sealed record Mp4BoxTrack(uint Id, string Codec, uint Timescale, string Language, Mp4BoxSample[] Samples);

/// <summary>A sample as mp4box.js reads it: times in ticks, its place in the file in bytes.</summary>
public sealed record Mp4BoxSample(
    long Decoded,
    long Composed,
    long Duration,
    int Size,
    [property: JsonPropertyName("sync")] bool IsSync,
    long Offset
);

/// <summary>Runs mp4box.js, the parser of a packager from npm, in Node.js.</summary>
static class Mp4Box
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>What it reads from each file, in their order.</summary>
    public static async Task<Mp4BoxFile[]> ParseAsync(IEnumerable<string> paths)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var argument in (string[])
                [Path.Combine(RepositoryFolders.Root(), "tests", "mp4box", "parse.mjs"), RepositoryFolders.NodeModules(), .. paths]
        )
            start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            var error = node.StandardError.ReadToEndAsync(limit.Token);
            var output = await node.StandardOutput.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == 0, await error);
            return
            [
                .. output
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonSerializer.Deserialize<Mp4BoxFile>(line, Options)!),
            ];
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
