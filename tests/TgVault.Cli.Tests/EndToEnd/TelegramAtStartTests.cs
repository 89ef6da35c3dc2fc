using TgVault.BotApi;
using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>What `up` says when Telegram is not as a vault needs it: now, and not at the first upload.</summary>
public sealed class TelegramAtStartTests : IDisposable
{
    const long Bot = 555555;
    const string Token = "555555:AABotTokenAtStart";
    const long Channel = -1005000000005;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-start-").FullName;

    [Fact(Timeout = 240_000)]
    public async Task A_vault_says_what_is_wrong_with_Telegram_instead_of_that_it_is_up()
    {
        await using var telegram = await BotApiServer.StartAsync(
            new BotApiOptions
            {
                DataDirectory = Path.Combine(_folder, "telegram"),
                Tokens = [Token],
                Channels = [Channel],
            },
            CancellationToken.None
        );
        // The first start asks whether the channel holds a library already. Later ones do without Telegram.
        var (well, _) = await StartAsync(telegram.Url, Token);
        Assert.Contains("TgVault is up.", well, StringComparison.Ordinal);

        telegram.Members.Set(Bot, Channel, BotRights.Member | BotRights.Edit | BotRights.Delete);
        var (silenced, status) = await StartAsync(telegram.Url, Token);
        Assert.DoesNotContain("TgVault is up.", silenced, StringComparison.Ordinal);
        Assert.Contains(
            $"  - Bot {Bot} may not post in channel {Channel}: give it the right to post messages.",
            silenced,
            StringComparison.Ordinal
        );

        Assert.Contains($"problem   Bot {Bot} may not post in channel {Channel}:", status, StringComparison.Ordinal);

        var (stranger, _) = await StartAsync(telegram.Url, "555555:AAAnotherToken");
        Assert.Contains("something is wrong with Telegram", stranger, StringComparison.Ordinal);
        Assert.Contains($"  - Bot {Bot}: ", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAnotherToken", stranger, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What a vault with this bot greets with, and what `status` says of it.</summary>
    async Task<(string Greeting, string Status)> StartAsync(string url, string token)
    {
        var environment = new Dictionary<string, string>
        {
            ["TgVault__Telegram__BaseUrl"] = url,
            ["TgVault__Telegram__Bots__0__Token"] = token,
            ["TgVault__Telegram__Channels__0"] = $"{Channel}",
            ["TgVault__Telegram__MessagesPerMinute"] = "0",
        };
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await using var vault = await VaultProcess.StartAsync(data, environment);
        return (vault.Printed, (await vault.RunAsync("status")).Output);
    }
}
