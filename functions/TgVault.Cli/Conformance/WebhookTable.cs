namespace TgVault.Cli.Conformance;

/// <summary>What every vault answers about webhooks that are not there.</summary>
static class WebhookTable
{
    public static IEnumerable<HttpCase> Rows() =>
        [
            new("The webhooks", "GET", "/api/webhooks", 200) { Credential = Credential.ApiKey, Contains = "\"webhooks\":[" },
            new("The webhooks, without a key", "GET", "/api/webhooks", 401) { IsProblem = true },
            new("A webhook without an address", "POST", "/api/webhooks", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = "{}",
            },
            new("Changing a webhook that is not there", "PATCH", "/api/webhooks/0123456789abcdef", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"enabled":false}""",
            },
            new("Telling a webhook of what does not happen", "PATCH", "/api/webhooks/0123456789abcdef", 400)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
                Json = """{"events":["video.watched"]}""",
            },
            new("Removing a webhook that is not there", "DELETE", "/api/webhooks/0123456789abcdef", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("A new secret for a webhook that is not there", "POST", "/api/webhooks/0123456789abcdef/secrets", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Testing a webhook that is not there", "POST", "/api/webhooks/0123456789abcdef/tests", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("The messages to a webhook that is not there", "GET", "/api/webhooks/0123456789abcdef/deliveries", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
            new("Sending a message again to a webhook that is not there", "POST", "/api/webhooks/0123456789abcdef/deliveries/0/tries", 404)
            {
                IsProblem = true,
                Credential = Credential.ApiKey,
            },
        ];
}
