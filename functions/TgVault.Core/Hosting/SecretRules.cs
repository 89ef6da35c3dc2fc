using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using TgVault.Core.Settings;

namespace TgVault.Core.Hosting;

/// <summary>
/// Secrets that are none. A reference to a key vault that does not resolve stands in Azure's environment as its text, which anyone can
/// guess who knows the app's name; and a placeholder stands where somebody forgot to put the secret.
/// </summary>
static partial class SecretRules
{
    // Secrets that are no settings of the vault's own, but that it, or what it stands on, is given in the same way.
    static readonly string[] Others =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "AzureWebJobsStorage",
        "VaultStorage",
    ];

    /// <summary>One sentence for each secret that is none, by its name. No sentence holds what stands there.</summary>
    public static IEnumerable<string> Check(VaultSettings settings)
    {
        List<(string Name, string Value)> secrets =
        [
            ("TgVault:Storage", settings.Storage),
            ("TgVault:MasterSecret", settings.MasterSecret),
            ("TgVault:FormerMasterSecret", settings.FormerMasterSecret),
            ("TgVault:ApiKey", settings.ApiKey),
            ("TgVault:Listen:Certificate", settings.Listen.Certificate),
            ("TgVault:Listen:CertificateKey", settings.Listen.CertificateKey),
            .. settings.Telegram.Bots.Select((bot, i) => ($"TgVault:Telegram:Bots:{i}:Token", bot.Token)),
            .. settings.Replicas.Select((replica, i) => ($"TgVault:Replicas:{i}:Blobs", replica.Blobs)),
            .. settings.Replicas.SelectMany(
                (replica, i) => replica.Bots.Select((bot, j) => ($"TgVault:Replicas:{i}:Bots:{j}:Token", bot.Token))
            ),
        ];
        return secrets.Select(secret => Problem(secret.Name, secret.Value)).OfType<string>();
    }

    /// <summary>The same of what else is secret in a process's configuration.</summary>
    public static IEnumerable<string> CheckOthers(IConfiguration configuration) =>
        Others.Where(name => IsReference(configuration[name] ?? "")).Select(Unresolved);

    /// <summary>Whether it is no secret, and says so.</summary>
    public static bool IsNone(string value) => IsReference(value) || IsPlaceholder(value);

    static string? Problem(string name, string value) =>
        IsReference(value) ? Unresolved(name)
        : IsPlaceholder(value) ? $"{name} holds a placeholder, not a secret. Put the secret in its place."
        : null;

    static string Unresolved(string name) =>
        $"{name} holds a reference that did not resolve, not a secret. Let the app's identity read what it refers to, or set the secret "
        + "itself.";

    static bool IsReference(string value) => Reference().IsMatch(value);

    static bool IsPlaceholder(string value) => Placeholder().IsMatch(value);

    // @Microsoft.KeyVault(...), also within a connection string; and what other tools leave where they were to put something in:
    // ${NAME}, $(NAME), {{name}}, %NAME%, op://vault/item, vault:path#key, arn:aws:secretsmanager:...
    [GeneratedRegex(
        @"@Microsoft\.\w+\(|^\s*(\$\{.*\}|\$\(.*\)|\{\{.*\}\}|%\w+%|op://.*|vault:.*|arn:aws:.*|projects/.*/secrets/.*)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Reference();

    // What no random secret holds by chance, and no sentence that somebody chose: those have spaces between their words.
    [GeneratedRegex(
        @"^\s*<.*>\s*$|change[-_]?me|replace[-_](me|this|with)|placeholder|openssl rand|x{12}|\*{6}"
            + @"|your[-_](own[-_])?(api|master|bot|secret|token|key|account|storage|connection)"
            + @"|(secret|token|key)[-_ ](goes|comes)[-_ ]here",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Placeholder();
}
