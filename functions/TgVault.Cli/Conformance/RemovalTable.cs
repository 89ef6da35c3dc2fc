namespace TgVault.Cli.Conformance;

/// <summary>How the stored video goes: into the trash, back from there, and for good. In this order, and last of all.</summary>
static class RemovalTable
{
    /// <param name="subject">The stored video.</param>
    /// <param name="hasTrash">Whether the vault is set to have one.</param>
    public static IEnumerable<HttpCase> Rows(Subject subject, bool hasTrash)
    {
        var path = $"/api/videos/{subject.Id}";
        HttpCase[] trash = hasTrash
            ?
            [
                Managed("Putting the video into the trash", "DELETE", path, "\"status\":\"trashed\""),
                new("Playing what is in the trash", "GET", subject.LinkPath, 404) { IsProblem = true },
                Managed("What is in the trash", "GET", "/api/videos?status=trashed", $"\"id\":\"{subject.Id}\""),
                Managed("Changing what is in the trash", "PATCH", path, "in the trash") with
                {
                    Status = 409,
                    IsProblem = true,
                    Json = """{"description":"changed"}""",
                },
                Managed("Bringing the video back from the trash", "POST", $"{path}/restore", "\"status\":\"ready\""),
                new("Playing what came back from the trash", "HEAD", subject.LinkPath, 200) { Body = ReadOnlyMemory<byte>.Empty },
            ]
            : [];
        return
        [
            .. trash,
            Managed("Removing the video for good", "DELETE", $"{path}?permanent=true", "\"status\":\"deleting\"") with
            {
                Status = 202,
            },
        ];
    }

    static HttpCase Managed(string name, string method, string path, string contains) =>
        new(name, method, path, 200) { Credential = Credential.ApiKey, Contains = contains };
}
