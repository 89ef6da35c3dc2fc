using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>What the vault's log lines are made of, read from the sources: they are exported, so a value of a new kind has to be thought
/// about here.</summary>
public sealed partial class LogMessageTests
{
    // Ids, numbers, places, constants; a reason is a sentence of the vault's own, an upload is called by UploadLabel; a file
    // is a nightly copy, named by its day; an address is one from which a key came that is not good.
    static readonly string[] Harmless =
    [
        "Address",
        "Attempt",
        "Bot",
        "Bytes",
        "Changes",
        "Channel",
        "Chunk",
        "Chunks",
        "Code",
        "Count",
        "Deleted",
        "File",
        "Instance",
        "Language",
        "Left",
        "LinkKeys",
        "Links",
        "Message",
        "Method",
        "Milliseconds",
        "Number",
        "Of",
        "Offset",
        "Older",
        "Orchestrator",
        "Reason",
        "Recent",
        "Rendition",
        "Request",
        "Result",
        "Route",
        "Seconds",
        "Sequence",
        "Since",
        "Status",
        "Upload",
        "Video",
        "Webhook",
        "What",
        "Why",
        "Work",
    ];

    static IEnumerable<string> Sources =>
        new[] { "TgVault.Core", "TgVault.Web", "TgVault.Functions" }
            .SelectMany(project =>
                Directory.EnumerateFiles(Path.Combine(RepositoryFolders.Root(), "functions", project), "*.cs", SearchOption.AllDirectories)
            )
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    [Fact]
    public void Lines_that_are_exported_hold_only_values_of_kinds_that_tell_nothing()
    {
        var messages = Sources
            .SelectMany(text => Message().Matches(text))
            .Where(message => message.Groups[1].Value is not ("Trace" or "Debug"))
            .ToList();

        Assert.True(messages.Count > 25);
        Assert.Empty(
            messages
                .SelectMany(message => Value().Matches(message.Groups[2].Value))
                .Select(value => value.Groups[1].Value)
                .Distinct()
                .Except(Harmless)
        );
    }

    [Fact]
    public void Nothing_is_logged_but_by_such_messages()
    {
        Assert.All(Sources, text => Assert.DoesNotMatch(Direct(), text));
    }

    [GeneratedRegex("""\[LoggerMessage\(\d+, LogLevel\.(\w+), "([^"]*)"\)\]""")]
    private static partial Regex Message();

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Value();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\((?!ger)")]
    private static partial Regex Direct();
}
