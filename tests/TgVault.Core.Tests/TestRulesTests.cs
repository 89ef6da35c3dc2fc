using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Core.Tests;

/// <summary>What holds for every test, read from their sources.</summary>
public sealed partial class TestRulesTests
{
    // Where a clock tells how long to go on, how long something took for whoever reads it, or that a wished delay was kept.
    static readonly string[] MayLookAtTheClock =
    [
        "FuzzTests.cs",
        "StoredFuzzTests.cs",
        "ThreeHoursTests.cs",
        "FaultTests.cs",
        "JumpingTime.cs",
        "SegmentBench.cs",
        "PictureBench.cs",
        "RowBench.cs",
        "SearchBench.cs",
        "LibraryTests.cs",
    ];

    static string[] Sources { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(RepositoryFolders.Root(), "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !BuildFolder().IsMatch(file) && Path.GetFileName(file) != "TestRulesTests.cs"),
    ];

    [Fact]
    public void Every_asynchronous_test_has_a_time_limit()
    {
        var tests = Sources.SelectMany(file => AsynchronousTest().Matches(File.ReadAllText(file))).ToArray();

        Assert.True(tests.Length > 100, $"only {tests.Length} were found");
        Assert.Empty(
            tests
                .Where(test => !test.Groups["attribute"].Value.Contains("Timeout", StringComparison.Ordinal))
                .Select(test => test.Groups["name"].Value)
        );
    }

    [Fact]
    public void No_test_is_judged_by_the_clock_or_sleeps()
    {
        Assert.All(MayLookAtTheClock, name => Assert.Single(Sources, file => Path.GetFileName(file) == name));
        Assert.Empty(
            Sources
                .Where(file => !MayLookAtTheClock.Contains(Path.GetFileName(file)))
                .Where(file => Clock().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetFileName(file))
        );
    }

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex BuildFolder();

    [GeneratedRegex(@"\[(?<attribute>(Fact|Theory)[^\]]*)\](?:(?!public )[\s\S])*public (async )?(Task|ValueTask)\b[^\n(]* (?<name>\w+)\(")]
    private static partial Regex AsynchronousTest();

    [GeneratedRegex(@"Stopwatch|Thread\.Sleep|Task\.Delay\((?!Timeout\.Infinite|TimeSpan\.FromMinutes)")]
    private static partial Regex Clock();
}
