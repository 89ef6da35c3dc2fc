namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers to upload tickets.</summary>
static class TicketTable
{
    public static IEnumerable<HttpCase> Rows() =>
        [
            new("A ticket without a key", "POST", "/api/tickets", 401) { IsProblem = true },
            new("A ticket for what is no kind of file", "POST", "/api/tickets", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"types":["films"]}""",
            },
            new("A ticket", "POST", "/api/tickets", 201)
            {
                Credential = Credential.ApiKey,
                Json = """{"maxSize":1000,"types":["video/*",".mkv"],"ttl":1}""",
                Contains = "/t/",
            },
            new("Ending a ticket that is not there", "DELETE", $"/api/tickets/{HttpTable.NoVideo}", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("A ticket that nobody made", "GET", "/t/nothing", 404)
            {
                IsProblem = true,
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
            new("A ticket that nobody made, its headers", "HEAD", "/t/nothing", 404) { Body = ReadOnlyMemory<byte>.Empty },
            new("Using a ticket that nobody made", "POST", "/t/nothing", 404)
            {
                IsProblem = true,
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
            new("A page asks whether it may use a ticket", "OPTIONS", "/t/nothing", 204)
            {
                Headers =
                {
                    ["Access-Control-Allow-Origin"] = "*",
                    ["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS",
                    ["Access-Control-Allow-Headers"] = "Content-Type",
                },
            },
            new("Following a ticket that nobody made", "GET", "/t/nothing/events", 404)
            {
                IsProblem = true,
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
            new("A page asks whether it may follow a ticket", "OPTIONS", "/t/nothing/events", 204)
            {
                Headers = { ["Access-Control-Allow-Origin"] = "*" },
            },
        ];
}
