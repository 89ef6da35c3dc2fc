using System.Diagnostics;
using System.Text.Json;
using TgVault.Testing;

namespace TgVault.Web.Tests.Webhooks;

/// <summary>npm's standardwebhooks, as a site's backend uses it.</summary>
static class StandardWebhooks
{
    const string Verify = """
        import { Webhook } from 'standardwebhooks';
        let text = '';
        for await (const chunk of process.stdin) text += chunk;
        const { secret, headers, body } = JSON.parse(text);
        try {
          console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
        } catch (error) {
          console.log(error.message);
        }
        """;

    /// <summary>What it makes of a message: its JSON, or why it is not believed.</summary>
    public static async Task<string> VerifyAsync(string secret, HookRequest request)
    {
        using var node = Process.Start(
            new ProcessStartInfo("node", ["--input-type=module", "-e", Verify])
            {
                WorkingDirectory = Path.GetDirectoryName(RepositoryFolders.NodeModules()),
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await node.StandardInput.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    secret,
                    headers = request.Headers,
                    body = request.Body,
                }
            )
        );
        node.StandardInput.Close();
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return said.Trim();
    }
}
