using System.Globalization;
using Microsoft.Extensions.Configuration;
using TgVault.Core.Hosting;
using TgVault.Testing;

namespace TgVault.Cli.Tests.Settings;

public sealed class VaultSettingsReaderTests
{
    static readonly Dictionary<string, string?> Good = new()
    {
        ["TgVault:Storage"] = "UseDevelopmentStorage=true",
        ["TgVault:MasterSecret"] = "9vXo2mKp7QwLr4TzB8nYc1HdJf6GsAeU",
        ["TgVault:ApiKey"] = "Zk3Rt8WqN5vYb2MxPc7LsDf9Gh1JaEu6",
        ["TgVault:Telegram:Bots:0:Token"] = "123456:abc-DEF_1",
        ["TgVault:Telegram:Channels:0"] = "-1001234567890",
    };

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var (settings, problems) = Read(
            ("TgVault:Telegram:Bots:1:Token", "654321:second-one"),
            ("TgVault:Uploads:Origins:0", "https://one.example"),
            ("TgVault:Uploads:Origins:1", "https://two.example:8443"),
            ("TgVault:Ingest:TranscodeVideo", "true"),
            ("TgVault:Uploads:MaxBytes", "5000000000"),
            ("TgVault:Chunks:Size", "65536")
        );

        Assert.Empty(problems);
        Assert.Equal(["123456:abc-DEF_1", "654321:second-one"], settings.Telegram.Bots.Select(bot => bot.Token));
        Assert.Equal(-1001234567890, Assert.Single(settings.Telegram.Channels));
        Assert.Equal(["https://one.example", "https://two.example:8443"], settings.Uploads.Origins.AsEnumerable());
        Assert.True(settings.Ingest.TranscodeVideo);
        Assert.Equal(5_000_000_000, settings.Uploads.MaxBytes);
        Assert.Equal(65536, settings.Chunks.Size);
        Assert.Equal(18, settings.Telegram.MessagesPerMinute);
    }

    [Fact]
    public void All_problems_are_told_at_once_and_none_of_them_tells_a_secret()
    {
        var (_, problems) = Read(
            ("TgVault:MasterSecret", "short-secret"),
            ("TgVault:ApiKey", "short-key"),
            ("TgVault:Telegram:Bots:0:Token", "no-token-at-all"),
            ("TgVault:Chunks:Size", "lots"),
            ("TgVault:Playback:WindowByte", "1"),
            ("TgVault:Telegram:Attempts", "0")
        );

        Assert.Equal(6, problems.Length);
        foreach (var key in new[] { "MasterSecret", "ApiKey", "Bots:0:Token", "Chunks:Size", "WindowByte", "Telegram:Attempts" })
            Assert.Contains(problems, problem => problem.Contains(key, StringComparison.Ordinal));
        Assert.DoesNotContain(
            problems,
            problem => problem.Contains("short", StringComparison.Ordinal) || problem.Contains("no-token", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("TgVault:Storage", "")]
    [InlineData("TgVault:Storage", "http://account.blob.example")]
    [InlineData("TgVault:PublicUrl", "video.example.org")]
    [InlineData("TgVault:PublicUrl", "https://video.example.org/?a")]
    [InlineData("TgVault:AllowedHosts:0", "https://video.example.org")]
    [InlineData("TgVault:AllowedHosts:0", "video.example.org:443")]
    [InlineData("TgVault:AllowedHosts:0", "*.")]
    [InlineData("TgVault:TrustedProxies:0", "proxy.example.org")]
    [InlineData("TgVault:TrustedProxies:0", "10.0.0.0/33")]
    [InlineData("TgVault:Listen:Addresses:0", "eth0")]
    [InlineData("TgVault:Listen:Addresses:0", "192.168.1.5:7071")]
    [InlineData("TgVault:Listen:CertificateKey", "key.pem")]
    [InlineData("TgVault:Telegram:BaseUrl", "https://api.telegram.org/bot")]
    [InlineData("TgVault:Telegram:Channels:0", "5")]
    [InlineData("TgVault:Telegram:Channels:0", "@name")]
    [InlineData("TgVault:Telegram:Channels:1", "-1001234567890")]
    [InlineData("TgVault:Telegram:Bots:1:Token", "123456:abc-DEF_1")]
    [InlineData("TgVault:Telegram:MessagesPerMinute", "0")]
    [InlineData("TgVault:Telegram:Bots", "123456:abc")]
    [InlineData("TgVault:Replicas:0:Folder", "films")]
    [InlineData("TgVault:Replicas:0:Tier", "Hot")]
    [InlineData("TgVault:Replicas:0:Blobs", "account")]
    [InlineData("TgVault:Replicas:0:Channel", "5")]
    [InlineData("TgVault:Replicas:0:Channel", "-1001234567890")]
    [InlineData("TgVault:Chunks:Size", "65535")]
    [InlineData("TgVault:Uploads:Origins:0", "https://example.org/path")]
    [InlineData("TgVault:Uploads:LifetimeMinutes", "10081")]
    [InlineData("TgVault:Links:MaxLifetimeMinutes", "5")]
    [InlineData("TgVault:TrashDays", "-1")]
    [InlineData("TgVault:Ffmpeg:TemporaryFolder", "/no/such/folder")]
    [InlineData("TgVault:Ingest:TranscodeVideo", "yes")]
    public void A_value_that_cannot_work_is_refused_by_name(string key, string value)
    {
        var (_, problems) = Read((key, value));

        Assert.Contains(problems, problem => problem.Contains(key.Split(':')[1], StringComparison.Ordinal));
    }

    public static TheoryData<string, string> SecretsThatAreNone
    {
        get
        {
            string[] keys =
            [
                "TgVault:Storage",
                "TgVault:MasterSecret",
                "TgVault:ApiKey",
                "TgVault:Telegram:Bots:0:Token",
                "TgVault:Telegram:Bots:1:Token",
                "TgVault:Replicas:0:Blobs",
                "TgVault:Listen:CertificateKey",
            ];
            string[] values =
            [
                "@Microsoft.KeyVault(SecretUri=https://kv-tgvault-prod.vault.azure.net/secrets/master-secret)",
                "@Microsoft.KeyVault(VaultName=kv-tgvault-prod;SecretName=master-secret)",
                "@microsoft.appconfiguration(Endpoint=https://a.azconfig.io; Key=master-secret)",
                "${TGVAULT_SECRET_FROM_THE_ENVIRONMENT_OF_CI}",
                "{{ vault_secret_that_ansible_was_to_put_in_here }}",
                "op://private/tgvault/the-master-secret-of-my-vault",
                "<a secret of at least 32 characters goes in here>",
                "changeme-changeme-changeme-changeme-changeme",
                "your-secret-key-of-at-least-32-characters",
                "123456789:your_bot_token_from_BotFather_goes_here",
            ];
            var all = new TheoryData<string, string>();
            foreach (var key in keys)
            foreach (var value in values)
                all.Add(key, value);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(SecretsThatAreNone))]
    public void A_reference_or_a_placeholder_is_no_secret_and_is_refused_by_name_alone(string key, string value)
    {
        var (_, problems) = Read((key, value), ("TgVault:Listen:Certificate", "certificate.pem"));

        var problem = Assert.Single(problems);
        Assert.StartsWith(key + " holds a ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(value, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData("AzureWebJobsStorage")]
    public void So_is_one_of_what_the_vault_stands_on(string key)
    {
        var (_, problems) = Read((key, "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/telemetry)"));

        Assert.StartsWith(key + " holds a reference", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_settings_has_every_key_with_its_default_and_no_other()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryFolders.Root(), "docs", "operate.md"))
            .Where(line => line.StartsWith("| `TgVault__", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => new SettingKey(cells[1].Split('`')[1], cells[2].Trim(' ', '`')));

        Assert.Equal(VaultSettingsReader.Keys, rows);
    }

    static SettingsReading Read(params (string Key, string Value)[] changes)
    {
        var values = new Dictionary<string, string?>(Good);
        foreach (var (key, value) in changes)
            values[key] = value.ToString(CultureInfo.InvariantCulture);
        return VaultSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
