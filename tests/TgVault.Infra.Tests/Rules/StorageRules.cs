namespace TgVault.Infra.Tests.Rules;

/// <summary>Storage accounts and the Key Vault: encrypted transport, nothing public, no keys.</summary>
static class StorageRules
{
    public static IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var account in deployment.OfType("Microsoft.Storage/storageAccounts"))
        {
            if (account.Text("minimumTlsVersion") is not ("TLS1_2" or "TLS1_3"))
                yield return $"{account.Name}: TLS below 1.2.";
            if (account.Text("supportsHttpsTrafficOnly") != "true")
                yield return $"{account.Name}: plain http.";
            if (account.Text("allowBlobPublicAccess") != "false")
                yield return $"{account.Name}: public blob access.";
            if (account.Text("allowCrossTenantReplication") != "false")
                yield return $"{account.Name}: replication into other tenants.";
            if (account.Text("allowSharedKeyAccess") != "false" && !HoldsScratchOnly(deployment, account))
                yield return $"{account.Name}: shared keys.";
        }

        foreach (var container in deployment.OfType("Microsoft.Storage/storageAccounts/blobServices/containers"))
        {
            if (container.Text("publicAccess") != "None")
                yield return $"{container.Name}: public container.";
        }

        var vault = deployment.Single("Microsoft.KeyVault/vaults");
        if (vault.Text("enableRbacAuthorization") != "true")
            yield return "Key Vault: access policies instead of roles.";
        if (vault.Text("enableSoftDelete") != "true")
            yield return "Key Vault: a deleted master secret is gone at once.";

        var containers = deployment
            .OfType("Microsoft.Storage/storageAccounts/blobServices/containers")
            .Where(container => container.Name.StartsWith(deployment.VaultStorage.Name + "/", StringComparison.Ordinal))
            .Select(container => container.Name.Split('/')[^1]);
        var expiring = deployment
            .OfType("Microsoft.Storage/storageAccounts/managementPolicies")
            .SelectMany(policy => policy.Properties["policy"]!["rules"]!.AsArray())
            .SelectMany(rule => rule!["definition"]!["filters"]!["prefixMatch"]!.AsArray())
            .Select(prefix => (string)prefix!)
            .ToHashSet();
        foreach (var container in containers.Where(container => !expiring.Contains(container + "/")))
            yield return $"{container}: abandoned uploads stay for ever.";
    }

    /// <summary>SMB mounts know only account keys, so the scratch share has an account of its own that may hold nothing else.</summary>
    static bool HoldsScratchOnly(Deployment deployment, Resource account)
    {
        var inside = deployment
            .Resources.Where(resource => resource.Name.StartsWith(account.Name + "/", StringComparison.Ordinal))
            .ToArray();
        return inside.Length > 0
            && inside.All(resource => resource.Type.StartsWith("Microsoft.Storage/storageAccounts/fileServices", StringComparison.Ordinal));
    }
}
