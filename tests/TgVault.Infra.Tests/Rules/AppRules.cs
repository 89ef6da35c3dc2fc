namespace TgVault.Infra.Tests.Rules;

/// <summary>The function app itself, and what watches it.</summary>
static class AppRules
{
    public static IEnumerable<string> Check(Deployment deployment)
    {
        var plan = deployment.Single("Microsoft.Web/serverfarms");
        if ((string?)plan.Json["sku"]?["name"] != "FC1")
            yield return "The plan is not Flex Consumption.";

        var app = deployment.Single("Microsoft.Web/sites");
        if (
            app.Text("functionAppConfig", "runtime", "name") != "dotnet-isolated"
            || app.Text("functionAppConfig", "runtime", "version") != "10.0"
        )
            yield return "The runtime is not .NET 10 isolated.";
        if (app.Text("httpsOnly") != "true")
            yield return "The app answers plain http.";
        if (
            app.Text("siteConfig", "minTlsVersion") is not ("1.2" or "1.3")
            || app.Text("siteConfig", "scmMinTlsVersion") is not ("1.2" or "1.3")
        )
            yield return "The app takes TLS below 1.2.";
        if (app.Text("siteConfig", "ftpsState") != "Disabled")
            yield return "FTP is on.";
        if ((string?)app.Json["identity"]?["type"] != "UserAssigned" || app.Text("keyVaultReferenceIdentity") != deployment.Identity.Id)
            yield return "The app does not read its secrets as its own identity.";
        if (app.Text("functionAppConfig", "deployment", "storage", "authentication", "type") != "UserAssignedIdentity")
            yield return "The package is fetched with a key.";

        foreach (var door in (string[])["ftp", "scm"])
        {
            if (
                !deployment
                    .OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
                    .Any(policy => policy.Name == $"{app.Name}/{door}" && policy.Text("allow") == "false")
            )
                yield return $"A password opens {door}.";
        }

        if (deployment.OfType("Microsoft.Cdn/profiles").Any() && app.Text("siteConfig", "ipSecurityRestrictionsDefaultAction") != "Deny")
            yield return "Front Door can be walked around.";
        if (deployment.Single("Microsoft.Insights/components").Text("DisableLocalAuth") != "true")
            yield return "Anybody with the connection string may send telemetry.";

        var alerts = deployment.OfType("Microsoft.Insights/scheduledQueryRules").Select(rule => rule.Name).ToHashSet();
        foreach (
            var alert in ((string[])["ingest-failed", "poison-messages", "telegram-429", "errors-5xx"]).Where(alert =>
                !alerts.Contains(alert)
            )
        )
            yield return $"No alert {alert}.";
        if (!deployment.OfType("Microsoft.Insights/workbooks").Any())
            yield return "No dashboard.";
        if (!deployment.OfType("Microsoft.Consumption/budgets").Any())
            yield return "No budget.";

        foreach (
            var resource in deployment.Resources.Where(resource =>
                resource.Json.ContainsKey("location") && resource.Json["tags"]?["azd-env-name"] is null
            )
        )
            yield return $"{resource.Type} {resource.Name} has no environment tag.";
    }
}
