namespace TgVault.Infra.Tests;

/// <summary>infra/deploy.sh against a stand-in for the Azure CLI that notes how it is called, and what variables it finds.</summary>
public sealed class DeployScriptTests : IDisposable
{
    // Every listing of secrets fails, which ends the script after the deployment.
    const string StandIn = """
        #!/usr/bin/env bash
        echo "$* origins=${TGVAULT_UPLOAD_ORIGINS-unset} url=${TGVAULT_PUBLIC_URL-unset} location=$AZURE_LOCATION" \
          "budget=${TGVAULT_BUDGET_START-}" >>"$CALLS"
        case "$1 $2" in
          "keyvault secret") exit 1 ;;
          "group exists") echo "$GROUP" ;;
          "rest --method") echo "2026-01-01T00:00:00Z" ;;
          "deployment sub") echo '{}' ;;
        esac
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-deploy-").FullName;
    readonly InfraScript _script;

    public DeployScriptTests()
    {
        _script = new InfraScript("deploy.sh", _folder);
        _script.Add("az", StandIn);
        // On every deployer's machine, not on every tester's.
        _script.Add("jq", "#!/bin/sh\necho x\n");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_variable_without_a_value_leaves_the_parameter_file_its_default()
    {
        var calls = await RunAsync(
            ["dev", "--what-if"],
            ("TGVAULT_UPLOAD_ORIGINS", ""),
            ("TGVAULT_PUBLIC_URL", "https://videos.example"),
            ("AZURE_LOCATION", "")
        );

        var call = Assert.Single(calls, call => call.StartsWith("deployment", StringComparison.Ordinal));
        Assert.StartsWith("deployment sub what-if ", call, StringComparison.Ordinal);
        Assert.EndsWith(" origins=unset url=https://videos.example location=westeurope budget=", call, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_token_for_the_key_vault_is_fetched_before_the_deployment_takes_its_time()
    {
        var calls = await RunAsync(["dev"]);

        var token = Array.FindIndex(
            calls,
            call => call.StartsWith("account get-access-token --resource https://vault.azure.net", StringComparison.Ordinal)
        );
        var deployment = Array.FindIndex(calls, call => call.StartsWith("deployment sub create", StringComparison.Ordinal));
        var secrets = Array.FindIndex(calls, call => call.StartsWith("keyvault secret list", StringComparison.Ordinal));
        Assert.True(token >= 0 && token < deployment && deployment < secrets, string.Join('\n', calls));
    }

    /// <summary>The month it is would be refused from the second month on, and with it the whole deployment.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("true", "2026-01-01T00:00:00Z")]
    [InlineData("false", "")]
    public async Task A_budget_that_exists_keeps_the_month_it_began_in(string groupExists, string expected)
    {
        var calls = await RunAsync(["prod"], ("GROUP", groupExists));

        Assert.EndsWith(
            $" budget={expected}",
            Assert.Single(calls, call => call.StartsWith("deployment sub create", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.All(
            calls.Where(call => call.StartsWith("rest", StringComparison.Ordinal)),
            call =>
            {
                Assert.Contains("/resourceGroups/rg-tgvault-prod/providers/Microsoft.Consumption/budgets?", call, StringComparison.Ordinal);
                Assert.Contains("name=='budget-tgvault-prod'", call, StringComparison.Ordinal);
            }
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    async Task<string[]> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var calls = Path.Combine(_folder, "calls");
        await _script.RunAsync(
            arguments,
            [
                ("CALLS", calls),
                ("GROUP", "false"),
                ("AZURE_PRINCIPAL_ID", "33333333-3333-3333-3333-333333333333"),
                ("TGVAULT_CHANNELS", "-1000000000001"),
                .. variables,
            ]
        );
        return await File.ReadAllLinesAsync(calls);
    }
}
