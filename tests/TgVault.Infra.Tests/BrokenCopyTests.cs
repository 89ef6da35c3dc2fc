using System.Text.Json.Nodes;
using TgVault.Infra.Tests.Rules;

namespace TgVault.Infra.Tests;

/// <summary>The rules see what they are for: each spoiled copy of a good environment is found out, by the rule meant.</summary>
[Collection(CompiledInfraGroup.Name)]
public sealed class BrokenCopyTests(CompiledInfra infra)
{
    static readonly Dictionary<string, (Action<Deployment> Spoil, string Finding)> Faults = new()
    {
        ["public blobs"] = (copy => copy.VaultStorage.Properties["allowBlobPublicAccess"] = true, "public blob access"),
        ["public blobs not said"] = (copy => copy.VaultStorage.Properties.Remove("allowBlobPublicAccess"), "public blob access"),
        ["shared keys"] = (copy => copy.HostStorage.Properties["allowSharedKeyAccess"] = true, "shared keys"),
        ["old TLS"] = (copy => copy.HostStorage.Properties["minimumTlsVersion"] = "TLS1_0", "TLS below 1.2"),
        ["http"] = (copy => copy.VaultStorage.Properties["supportsHttpsTrafficOnly"] = false, "plain http"),
        ["public container"] = (
            copy => copy.OfType("Microsoft.Storage/storageAccounts/blobServices/containers").Last().Properties["publicAccess"] = "Blob",
            "public container"
        ),
        ["nothing expires"] = (copy => copy.Remove(copy.Single("Microsoft.Storage/storageAccounts/managementPolicies")), "stay for ever"),
        ["access policies"] = (
            copy => copy.Single("Microsoft.KeyVault/vaults").Properties["enableRbacAuthorization"] = false,
            "access policies"
        ),
        ["missing role"] = (copy => copy.Remove(copy.OfType("Microsoft.Authorization/roleAssignments").Last()), "is missing"),
        ["too strong a role"] = (
            copy =>
                copy.OfType("Microsoft.Authorization/roleAssignments").First().Properties["roleDefinitionId"] =
                    "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "more than is needed"
        ),
        ["role on the group"] = (copy => Widen(copy.OfType("Microsoft.Authorization/roleAssignments").First()), "more than is needed"),
        ["one role more"] = (
            copy => copy.Add(new Resource(copy.OfType("Microsoft.Authorization/roleAssignments").First().Json.DeepClone().AsObject())),
            "more than is needed"
        ),
        ["role of a stranger"] = (
            copy =>
                copy.OfType("Microsoft.Authorization/roleAssignments").First().Properties["principalId"] =
                    "44444444-4444-4444-4444-444444444444",
            "is missing"
        ),
        ["token in plain"] = (
            copy => copy.Settings["TgVault__Telegram__Bots__0__Token"] = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi",
            "not a Key Vault reference"
        ),
        ["secret from a parameter"] = (
            copy => copy.Settings["TgVault__MasterSecret"] = "correct horse battery staple, again and again",
            "not a Key Vault reference"
        ),
        ["key in a setting"] = (
            copy => copy.Settings["TgVault__Storage"] = "[format('AccountKey={0}', listKeys('x', '2023-05-01').keys[0].value)]",
            "holds a key in plain"
        ),
        ["secret output"] = (
            copy =>
                copy.Outputs["storage"] = JsonNode.Parse(
                    """{ "type": "string", "value": "[listKeys('x', '2023-05-01').keys[0].value]" }"""
                ),
            "Output storage"
        ),
        ["secure output"] = (
            copy => copy.Outputs["thing"] = JsonNode.Parse("""{ "type": "securestring", "value": "[parameters('x')]" }"""),
            "Output thing"
        ),
        ["setting missing"] = (copy => copy.Settings.Remove("TgVault__ApiKey"), "TgVault:ApiKey needs"),
        ["no bot"] = (copy => RemoveSettings(copy, "__Token"), "Bots is empty"),
        ["no channel"] = (copy => RemoveSettings(copy, "Channels__0", "Channels__1"), "Channels is empty"),
        ["queues for blobs"] = (
            copy => copy.Settings["TgVault__Storage"] = copy.Settings["VaultStorage__queueServiceUri"]!.DeepClone(),
            "TgVault:Storage must be"
        ),
        ["no ffmpeg"] = (copy => copy.Settings.Remove("TgVault__Ffmpeg__Folder"), "TgVault__Ffmpeg__Folder is missing"),
        ["setting misspelt"] = (copy => copy.Settings["TgVault__Ffmpeg__Foldr"] = "/x", "is not a setting"),
        ["channel no number"] = (copy => copy.Settings["TgVault__Telegram__Channels__0"] = "@mychannel", "must be a whole number"),
        ["refused setting"] = (copy => copy.Settings["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated", "not for Flex Consumption"),
        ["old runtime"] = (
            copy => copy.Single("Microsoft.Web/sites").Properties["functionAppConfig"]!["runtime"]!["version"] = "8.0",
            "not .NET 10"
        ),
        ["app takes http"] = (copy => copy.Single("Microsoft.Web/sites").Properties["httpsOnly"] = false, "plain http"),
        ["app takes old TLS"] = (
            copy => copy.Single("Microsoft.Web/sites").Properties["siteConfig"]!["minTlsVersion"] = "1.0",
            "TLS below 1.2"
        ),
        ["publishing password"] = (
            copy => copy.Remove(copy.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies").First()),
            "password opens"
        ),
        ["telemetry from anybody"] = (
            copy => copy.Single("Microsoft.Insights/components").Properties["DisableLocalAuth"] = false,
            "not a Key Vault reference"
        ),
        ["host that sends links"] = (copy => copy.Settings["OTEL_TRACES_SAMPLER_ARG"] = "1", "The host sends links"),
        ["host that shows links live"] = (copy => copy.Settings.Remove("AzureMonitorExporter__EnableLiveMetrics"), "The host sends links"),
        ["no dashboard"] = (copy => copy.Remove(copy.Single("Microsoft.Insights/workbooks")), "No dashboard"),
        ["no alert"] = (copy => copy.Remove(copy.OfType("Microsoft.Insights/scheduledQueryRules").First()), "No alert"),
        ["no budget"] = (copy => copy.Remove(copy.Single("Microsoft.Consumption/budgets")), "No budget"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fault_is_found(string name)
    {
        var copy = infra["prod"].Copy();
        Faults[name].Spoil(copy);

        Assert.Contains(AllRules.Check(copy), finding => finding.Contains(Faults[name].Finding, StringComparison.Ordinal));
    }

    [Fact]
    public void The_scratch_account_may_have_a_key_only_while_it_holds_nothing_but_the_share()
    {
        var copy = infra["everything"].Copy();
        var scratch = copy.OfType("Microsoft.Storage/storageAccounts").Single(account => account.Text("allowSharedKeyAccess") == "true");
        var container = copy.OfType("Microsoft.Storage/storageAccounts/blobServices/containers").First().Json.DeepClone().AsObject();
        container["name"] = $"{scratch.Name}/default/staging";
        copy.Add(new Resource(container));

        Assert.Contains($"{scratch.Name}: shared keys.", StorageRules.Check(copy));
    }

    [Fact]
    public void A_secret_in_the_output_of_a_module_is_found()
    {
        var template = infra.Template.DeepClone().AsObject();
        var module = template["resources"]!
            .AsObject()
            .Select(pair => (pair.Value!["properties"] as JsonObject)?["template"])
            .OfType<JsonObject>()
            .First();
        module["outputs"]!.AsObject()["key"] = JsonNode.Parse(
            """{ "type": "string", "value": "[listKeys('x', '2023-05-01').keys[0].value]" }"""
        );

        Assert.Equal(["Output key holds a secret."], SecretRules.CheckOutputs(template));
    }

    /// <summary>The whole way once, through the compiler: a template with public access and a forgotten role.</summary>
    [Fact(Timeout = 60000)]
    public async Task A_template_with_public_access_and_a_forgotten_role_is_found_out()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        using var copy = new InfraCopy();
        copy.Spoil("modules/storage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true");
        copy.Spoil("modules/roles.bicep", "  roles.storageBlobDataContributor\n", "");

        var findings = AllRules.Check(await copy.EvaluateAsync("dev", limit.Token));

        Assert.Equal(3, findings.Length);
        Assert.Equal(2, findings.Count(finding => finding.Contains("public blob access", StringComparison.Ordinal)));
        Assert.Contains(findings, finding => finding.Contains("is missing", StringComparison.Ordinal));
    }

    /// <summary>The first net is the linter: a key in an output does not even compile.</summary>
    [Fact(Timeout = 60000)]
    public async Task A_template_with_a_secret_in_an_output_does_not_compile()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        using var copy = new InfraCopy();
        copy.Spoil(
            "modules/storage.bicep",
            "output id string = account.id",
            "output id string = account.id\noutput key string = account.listKeys().keys[0].value"
        );

        var result = await BicepCli.RunAsync(copy.Folder, limit.Token, "build", "main.bicep", "--stdout");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("outputs-should-not-contain-secrets", result.Diagnostics, StringComparison.Ordinal);
    }

    static void RemoveSettings(Deployment copy, params string[] endings)
    {
        foreach (
            var name in copy
                .Settings.Select(setting => setting.Key)
                .Where(name => endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)))
                .ToArray()
        )
            copy.Settings.Remove(name);
    }

    static void Widen(Resource assignment) =>
        assignment.Json["id"] =
            assignment.Id[..assignment.Id.IndexOf("/providers/", StringComparison.Ordinal)]
            + assignment.Id[assignment.Id.LastIndexOf("/providers/", StringComparison.Ordinal)..];
}
