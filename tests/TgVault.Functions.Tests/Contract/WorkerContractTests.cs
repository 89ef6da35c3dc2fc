using System.Reflection;

namespace TgVault.Functions.Tests.Contract;

/// <summary>tests/WorkerContract declares what the packages declare. What of theirs it leaves out is no matter:
/// the app and its tests build on both. In builds on the contract itself there is nothing to compare it with, so this is not in
/// them.</summary>
public sealed class WorkerContractTests
{
    /// <summary>It lies beside the tests, and nothing here stands on it.</summary>
    static readonly Assembly Contract = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "WorkerContract.dll"));

    static readonly Dictionary<string, Type> Packages = Directory
        .EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        .Where(file =>
            Path.GetFileName(file) is var name
            && (
                name.StartsWith("Microsoft.Azure.Functions.Worker", StringComparison.Ordinal)
                || name.Contains("DurableTask", StringComparison.Ordinal)
            )
        )
        .SelectMany(file => Assembly.LoadFrom(file).GetExportedTypes())
        .DistinctBy(type => type.FullName)
        .ToDictionary(type => type.FullName!);

    [Fact]
    public void Every_type_of_the_contract_is_in_the_packages()
    {
        Assert.True(Contract.GetExportedTypes().Length > 30, "the contract is empty");
        Assert.Subset(Packages.Keys.ToHashSet(), Contract.GetExportedTypes().Select(type => type.FullName!).ToHashSet());
    }

    [Fact]
    public void Everything_the_contract_declares_is_declared_alike_in_the_packages()
    {
        var differences = new List<string>();
        foreach (var type in Contract.GetExportedTypes())
        {
            if (!Packages.TryGetValue(type.FullName!, out var real))
                continue;
            var theirs = PublicSurface.Of(real, inherited: true).ToList();
            foreach (var line in PublicSurface.Of(type, inherited: false).Except(theirs))
                differences.Add(
                    $"{line}\n    in the packages: {string.Join("\n                     ", theirs.Where(other => SameMember(line, other)))}"
                );
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences)}");
    }

    /// <summary>The words of a line that name its member, roughly: good enough to show what stands where another thing was
    /// expected.</summary>
    static bool SameMember(string line, string other) =>
        line.Split(['(', '{', '='])[0].Split(' ')[^1] is { Length: > 0 } word
            ? other.Contains(word, StringComparison.Ordinal)
            : line.Split(' ')[1] == other.Split(' ')[1];
}
