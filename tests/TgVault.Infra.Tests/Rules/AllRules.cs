namespace TgVault.Infra.Tests.Rules;

static class AllRules
{
    public static string[] Check(Deployment deployment) =>
        [
            .. StorageRules.Check(deployment),
            .. RoleRules.Check(deployment),
            .. SecretRules.Check(deployment),
            .. SettingRules.Check(deployment),
            .. AppRules.Check(deployment),
        ];
}
