using System.Text.Json.Nodes;

namespace TgVault.Infra.Tests;

/// <summary>A copy of infra/ in a temporary folder, to be compiled there and, by some tests, to be spoiled first.</summary>
sealed class InfraCopy : IDisposable
{
    const string Subscription = "11111111-1111-1111-1111-111111111111";
    const string Tenant = "22222222-2222-2222-2222-222222222222";

    public InfraCopy()
    {
        var source = Path.Combine(BicepCli.RepositoryRoot, "infra");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("tgvault-infra-").FullName;

    /// <summary>Replaces a piece of a file; a piece that is not there is a test that tests nothing any more.</summary>
    public void Spoil(string file, string piece, string replacement)
    {
        var path = Path.Combine(Folder, file);
        var text = File.ReadAllText(path);
        Assert.Contains(piece, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(piece, replacement, StringComparison.Ordinal));
    }

    public void Add(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    /// <summary>What would be deployed: the template compiled and evaluated with the environment's parameters, as far as that goes without
    /// Azure.</summary>
    public async Task<Deployment> EvaluateAsync(string environment, CancellationToken cancellationToken)
    {
        var result = await BicepCli.RunAsync(
            Folder,
            cancellationToken,
            "snapshot",
            $"main.{environment}.bicepparam",
            "--mode",
            "overwrite",
            "--subscription-id",
            Subscription,
            "--tenant-id",
            Tenant,
            "--location",
            "westeurope",
            "--deployment-name",
            "main"
        );
        Assert.True(result.ExitCode == 0, result.Diagnostics);
        var snapshot = await File.ReadAllTextAsync(Path.Combine(Folder, $"main.{environment}.snapshot.json"), cancellationToken);
        return new Deployment(JsonNode.Parse(snapshot)!.AsObject());
    }

    /// <summary>The ARM template of one Bicep file.</summary>
    public async Task<JsonObject> BuildAsync(string file, CancellationToken cancellationToken)
    {
        var result = await BicepCli.RunAsync(Folder, cancellationToken, "build", file, "--stdout");
        Assert.True(result.ExitCode == 0, result.Diagnostics);
        return JsonNode.Parse(result.Output)!.AsObject();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
