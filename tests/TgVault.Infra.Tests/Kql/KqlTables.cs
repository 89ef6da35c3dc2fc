namespace TgVault.Infra.Tests.Kql;

/// <summary>
/// The tables that queries here look into, as Kusto writes schemas. Names and types are those of Microsoft's comparison of both places
/// (Azure Monitor documentation, "Migrate to workspace-based Application Insights resources", Table schemas):
/// the same data is named otherwise in Application Insights and in its workspace.
/// </summary>
static class KqlTables
{
    const string ClassicCommon =
        "timestamp:datetime, itemId:string, itemType:string, customDimensions:dynamic, operation_Name:string, operation_Id:string, "
        + "operation_ParentId:string, "
        + "operation_SyntheticSource:string, session_Id:string, user_Id:string, user_AuthenticatedId:string, user_AccountId:string, "
        + "application_Version:string, "
        + "client_Type:string, client_Model:string, client_OS:string, client_IP:string, client_City:string, client_StateOrProvince:string, "
        + "client_CountryOrRegion:string, client_Browser:string, cloud_RoleName:string, cloud_RoleInstance:string, appId:string, "
        + "appName:string, iKey:string, sdkVersion:string";

    const string WorkspaceCommon =
        "TimeGenerated:datetime, Type:string, Properties:dynamic, OperationName:string, OperationId:string, ParentId:string, "
        + "SyntheticSource:string, "
        + "SessionId:string, UserId:string, UserAuthenticatedId:string, UserAccountId:string, AppVersion:string, ClientType:string, "
        + "ClientModel:string, ClientOS:string, "
        + "ClientIP:string, ClientCity:string, ClientStateOrProvince:string, ClientCountryOrRegion:string, ClientBrowser:string, "
        + "AppRoleName:string, "
        + "AppRoleInstance:string, ResourceGUID:string, IKey:string, SDKVersion:string";

    /// <summary>What a query sees that asks Application Insights, as the dashboard does.</summary>
    public static Dictionary<string, string> ApplicationInsights { get; } =
        new()
        {
            // Without `value`, which the workspace has not kept: valueSum is what it was.
            ["customMetrics"] = Columns(ClassicCommon, "name:string, valueSum:real, valueCount:int, valueMin:real, valueMax:real"),
            ["dependencies"] = Columns(
                ClassicCommon,
                "id:string, target:string, type:string, name:string, data:string, success:string, resultCode:string, duration:real, "
                    + "performanceBucket:string, itemCount:int, "
                    + "customMeasurements:dynamic"
            ),
            ["requests"] = Columns(
                ClassicCommon,
                "id:string, source:string, name:string, url:string, success:string, resultCode:string, duration:real, "
                    + "performanceBucket:string, itemCount:int, "
                    + "customMeasurements:dynamic"
            ),
            ["traces"] = Columns(ClassicCommon, "message:string, severityLevel:int, itemCount:int, customMeasurements:dynamic"),
        };

    /// <summary>What a query sees that asks the workspace, as alerts do.</summary>
    public static Dictionary<string, string> Workspace { get; } =
        new()
        {
            ["AppMetrics"] = Columns(WorkspaceCommon, "Name:string, Sum:real, ItemCount:int, Min:real, Max:real"),
            ["AppDependencies"] = Columns(
                WorkspaceCommon,
                "Id:string, Target:string, DependencyType:string, Name:string, Data:string, Success:bool, ResultCode:string, "
                    + "DurationMs:real, PerformanceBucket:string, "
                    + "ItemCount:int, Measurements:dynamic"
            ),
            ["AppTraces"] = Columns(WorkspaceCommon, "Message:string, SeverityLevel:int, ItemCount:int, Measurements:dynamic"),
        };

    static string Columns(string common, string own) => $"({common}, {own})";
}
