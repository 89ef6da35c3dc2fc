using System.Text.RegularExpressions;
using TgVault.Infra.Tests.Rules;

namespace TgVault.Infra.Tests;

[Collection(CompiledInfraGroup.Name)]
public sealed partial class EnvironmentTests(CompiledInfra infra)
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("everything")]
    public void An_environment_breaks_no_rule(string environment)
    {
        Assert.Empty(AllRules.Check(infra[environment]));
    }

    [Fact]
    public void No_output_of_any_module_holds_a_secret()
    {
        Assert.Empty(SecretRules.CheckOutputs(infra.Template));
        Assert.Empty(SecretRules.CheckOutputs(infra.Events));
    }

    [Fact]
    public void Prod_can_not_lose_its_master_secret_by_a_purge()
    {
        Assert.Equal("true", infra["prod"].Single("Microsoft.KeyVault/vaults").Text("enablePurgeProtection"));
    }

    [Fact]
    public void Every_bot_has_a_token_setting_of_its_own()
    {
        var tokens = infra["prod"]
            .Settings.Where(setting => setting.Key.EndsWith("__Token", StringComparison.Ordinal))
            .Select(setting => setting.Value!.ToString())
            .ToArray();

        Assert.Equal(3, tokens.Length);
        Assert.Equal(3, tokens.Distinct().Count());
    }

    [Fact]
    public void Browsers_may_upload_from_the_sites_named_and_other_accounts_have_no_cors()
    {
        var services = infra["dev"]
            .OfType("Microsoft.Storage/storageAccounts/blobServices")
            .ToDictionary(service => service.Name.Split('/')[0]);

        var rule = Assert.Single(services[infra["dev"].VaultStorage.Name].Properties["cors"]!["corsRules"]!.AsArray())!;
        Assert.Equal(["*"], rule["allowedOrigins"]!.AsArray().Select(origin => (string)origin!));
        Assert.Contains("PUT", rule["allowedMethods"]!.AsArray().Select(method => (string)method!));
        Assert.Empty(services[infra["dev"].HostStorage.Name].Properties["cors"]!["corsRules"]!.AsArray());
    }

    [Fact]
    public void Upload_events_of_the_staging_container_alone_reach_the_blob_trigger()
    {
        var subscription = infra.Events["resources"]!.AsArray().Single()!;
        var properties = subscription["properties"]!;

        Assert.Contains(
            "/runtime/webhooks/blobs?functionName=Host.Functions.",
            (string)properties["destination"]!["properties"]!["endpointUrl"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["Microsoft.Storage.BlobCreated"],
            properties["filter"]!["includedEventTypes"]!.AsArray().Select(type => (string)type!)
        );
        Assert.Contains("/blobServices/default/containers/", (string)properties["filter"]!["subjectBeginsWith"]!, StringComparison.Ordinal);
        Assert.Equal("UploadArrived", (string?)infra.Events["parameters"]!["functionName"]!["defaultValue"]);
    }

    [Fact]
    public void The_scripts_read_only_outputs_that_exist_and_secrets_that_are_referenced()
    {
        var outputs = infra.Template["outputs"]!.AsObject().Select(output => output.Key).ToArray();
        var deploy = File.ReadAllText(Path.Combine(BicepCli.RepositoryRoot, "infra", "deploy.sh"));
        var listed = Listed().Match(deploy).Groups[1].Value.Split([' ', '\\', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(outputs.Order(), listed.Order());

        var secrets = File.ReadAllText(Path.Combine(BicepCli.RepositoryRoot, "infra", "secrets.sh"));
        var referenced = infra["dev"]
            .Settings.Select(setting => Reference().Match(setting.Value!.ToString()))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.NotEmpty(referenced);
        Assert.All(referenced, name => Assert.Contains(name, secrets, StringComparison.Ordinal));
    }

    [Fact]
    public void The_budget_and_its_group_have_the_names_that_the_script_looks_for_and_its_start_is_the_one_found()
    {
        var script = File.ReadAllText(Path.Combine(BicepCli.RepositoryRoot, "infra", "budget.sh"));
        var budget = infra["prod"].Single("Microsoft.Consumption/budgets");

        Assert.Contains($"'{budget.Name.Replace("prod", "$1", StringComparison.Ordinal)}'", script, StringComparison.Ordinal);
        Assert.Contains("\"rg-tgvault-$1\"", script, StringComparison.Ordinal);
        Assert.Contains("/resourceGroups/rg-tgvault-prod/", budget.Id, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(BicepCli.RepositoryRoot, "infra"), "*.bicepparam"),
            file =>
                Assert.Contains(
                    "param budgetStart = readEnvironmentVariable('TGVAULT_BUDGET_START', '')",
                    File.ReadAllText(file),
                    StringComparison.Ordinal
                )
        );
        Assert.Equal("2026-01-01T00:00:00Z", infra["everything"].Single("Microsoft.Consumption/budgets").Text("timePeriod", "startDate"));
    }

    [GeneratedRegex(@"for name in (AZURE_[^;]*);")]
    private static partial Regex Listed();

    [GeneratedRegex(@"secrets/([a-z-]+)")]
    private static partial Regex Reference();
}
