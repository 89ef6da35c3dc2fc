using System.Text.RegularExpressions;

namespace TgVault.Infra.Tests;

/// <summary>What the workflows call and set, against what there is: they run on GitHub only, where a wrong name is found too
/// late.</summary>
public sealed partial class WorkflowTests
{
    static readonly string Root = BicepCli.RepositoryRoot;

    static string Folder { get; } = Path.Combine(Root, ".github", "workflows");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.yml").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_path_that_is_named_exists_and_scripts_can_be_run(string file)
    {
        var named = Paths()
            .Matches(Read(file))
            .Select(match => match.Groups[1].Value)
            .Where(path => !path.StartsWith("ffmpeg-layer/out", StringComparison.Ordinal))
            .ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.NotEmpty(Find(path)));
        foreach (
            var script in named
                .SelectMany(Find)
                .Where(path => path.EndsWith(".sh", StringComparison.Ordinal) || Path.GetFileName(path) == "tgvault")
        )
            Assert.True(File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable.");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Commands_of_the_script_are_those_it_has(string file)
    {
        var script = File.ReadAllText(Path.Combine(Root, "tgvault"));

        Assert.All(
            Commands().Matches(Read(file)).Select(match => match.Groups[1].Value),
            command => Assert.Matches($@"(?m)^\s*([a-z]+\|)*{command}(\|[a-z]+)*\) ", script)
        );
    }

    /// <summary>A parameter that what-if or the deployment is not given takes its default:
    /// what was shown and what is then deployed would differ, or a setting be lost.</summary>
    [Fact]
    public void What_if_and_deployment_are_given_every_variable_that_the_parameter_files_read()
    {
        var read = new[] { "dev", "prod" }
            .SelectMany(environment => Variables().Matches(File.ReadAllText(Path.Combine(Root, "infra", $"main.{environment}.bicepparam"))))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            // Found out by deploy.sh.
            .Except(["TGVAULT_BUDGET_START"])
            .ToArray();
        var steps = Step()
            .Split(Read("deploy.yml"))
            .Where(step => step.Contains("infra/deploy.sh", StringComparison.Ordinal) && step.Contains("run:", StringComparison.Ordinal))
            .ToArray();

        Assert.Equal(2, steps.Length);
        Assert.All(steps, step => Assert.All(read, variable => Assert.Matches($@"(?m)^ +{variable}: ", step)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rights_are_read_only_unless_a_job_signs_in_and_actions_are_github_s_and_microsoft_s(string file)
    {
        var text = Read(file);

        Assert.Contains("\npermissions:\n  contents: read\n", text, StringComparison.Ordinal);
        Assert.All(Rights().Matches(text).Select(match => match.Groups[1].Value), right => Assert.Equal("id-token", right));
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", text, StringComparison.Ordinal);
        Assert.All(
            Actions().Matches(text).Select(match => match.Groups[1].Value),
            action => Assert.Matches("^(actions|azure)/[a-z-]+@", action)
        );
    }

    /// <summary>A tag can be moved to other code later, a commit cannot. The tag stands beside it for people and Dependabot.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Actions_are_pinned_to_a_commit_with_the_tag_beside_it(string file)
    {
        var actions = Actions().Matches(Read(file)).Select(match => match.Value.Trim()).ToArray();

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches(@"^uses: [a-z]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$", action));
    }

    static string Read(string file) => Comment().Replace(File.ReadAllText(Path.Combine(Folder, file)), "");

    static string[] Find(string path)
    {
        var full = Path.Combine(Root, path);
        if (!path.Contains('*', StringComparison.Ordinal))
            return Path.Exists(full) ? [full] : [];
        return Directory.GetFileSystemEntries(
            Path.GetDirectoryName(full)!,
            Path.GetFileName(path).Replace("**", "*", StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"(?m)^\s*#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![\w/.-])((?:\./|\.ci/|\.github/|infra/|tests/|ffmpeg-layer/)[\w./*-]+)")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\./tgvault (\w+)")]
    private static partial Regex Commands();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Variables();

    [GeneratedRegex(@"(?m)^      - ")]
    private static partial Regex Step();

    [GeneratedRegex(@"(?m)^ +([a-z-]+): write\b")]
    private static partial Regex Rights();

    [GeneratedRegex(@"uses: ([^.\s]\S*)[^\n]*")]
    private static partial Regex Actions();
}
