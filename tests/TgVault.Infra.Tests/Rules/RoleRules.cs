namespace TgVault.Infra.Tests.Rules;

/// <summary>Who may do what: exactly the assignments below, each on one resource, and nothing besides.</summary>
static class RoleRules
{
    const string BlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    const string BlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    const string QueueDataContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    const string TableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    const string SecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";

    const string Suffix = "/providers/Microsoft.Authorization/roleAssignments/";

    public static IEnumerable<string> Check(Deployment deployment)
    {
        var keyVault = deployment.Single("Microsoft.KeyVault/vaults").Id;
        (string Scope, string Role)[] app =
        [
            (deployment.HostStorage.Id, BlobDataOwner),
            (deployment.HostStorage.Id, QueueDataContributor),
            (deployment.HostStorage.Id, TableDataContributor),
            (deployment.VaultStorage.Id, BlobDataContributor),
            (deployment.VaultStorage.Id, QueueDataContributor),
            (deployment.VaultStorage.Id, TableDataContributor),
            (keyVault, SecretsUser),
            (deployment.Single("Microsoft.Insights/components").Id, MetricsPublisher),
        ];

        var missing = app.ToHashSet();
        foreach (var assignment in deployment.OfType("Microsoft.Authorization/roleAssignments"))
        {
            var end = assignment.Id.IndexOf(Suffix, StringComparison.Ordinal);
            var scope = end < 0 ? "?" : assignment.Id[..end];
            var role = assignment.Text("roleDefinitionId")!.Split('/')[^1];
            var isApp = assignment.Text("principalId")!.Contains($"'{deployment.Identity.Id}'", StringComparison.Ordinal);
            if (isApp && missing.Remove((scope, role)))
                continue;
            if (!isApp && scope == keyVault && role == SecretsOfficer)
                continue;
            yield return $"Role {role} on {scope} is more than is needed.";
        }

        foreach (var (scope, role) in missing)
            yield return $"Role {role} on {scope} is missing.";
    }
}
