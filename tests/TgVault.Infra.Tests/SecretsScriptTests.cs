namespace TgVault.Infra.Tests;

/// <summary>infra/secrets.sh against a small stand-in for the Azure CLI that keeps secrets as files.</summary>
public sealed class SecretsScriptTests : IDisposable
{
    const string StandIn = """
        #!/usr/bin/env bash
        set -euo pipefail
        echo "$*" >>"$STORE/.calls"
        case "$1 $2 $3" in
          "keyvault secret list")
            [ ! -e "$STORE/.offline" ] || { echo "ERROR: cannot reach the vault" >&2; exit 1; }
            ls "$STORE" ;;
          "keyvault secret set")
            while [ $# -gt 0 ]; do
              case "$1" in --name) name="$2" ;; --file) file="$2" ;; esac
              shift
            done
            cp "$file" "$STORE/$name" ;;
          *) exit 3 ;;
        esac
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-secrets-").FullName;
    readonly InfraScript _script;

    public SecretsScriptTests()
    {
        Directory.CreateDirectory(Store);
        _script = new InfraScript("secrets.sh", _folder);
        _script.Add("az", StandIn);
    }

    string Store => Path.Combine(_folder, "store");

    [Fact(Timeout = 30000)]
    public async Task An_empty_vault_is_filled()
    {
        Assert.Equal(0, await RunAsync("111:a,222:b", bots: 2));

        Assert.True(Secret("master-secret")!.Length >= 32);
        Assert.True(Secret("api-key")!.Length >= 32);
        Assert.NotEqual(Secret("master-secret"), Secret("api-key"));
        Assert.Equal(("111:a", "222:b"), (Secret("telegram-bot-0"), Secret("telegram-bot-1")));
    }

    [Fact(Timeout = 30000)]
    public async Task A_second_run_replaces_nothing_and_adds_what_is_new()
    {
        await RunAsync("111:a", bots: 1);
        var master = Secret("master-secret");

        Assert.Equal(0, await RunAsync("999:z,222:b", bots: 2));

        Assert.Equal(master, Secret("master-secret"));
        Assert.Equal(("111:a", "222:b"), (Secret("telegram-bot-0"), Secret("telegram-bot-1")));
    }

    [Fact(Timeout = 30000)]
    public async Task A_vault_that_can_not_be_read_is_not_written()
    {
        File.WriteAllText(Path.Combine(Store, ".offline"), "");

        Assert.NotEqual(0, await RunAsync("111:a", bots: 1));

        Assert.Null(Secret("master-secret"));
    }

    [Fact(Timeout = 30000)]
    public async Task A_missing_token_is_an_error_where_nobody_can_be_asked()
    {
        Assert.NotEqual(0, await RunAsync("111:a", bots: 2));
    }

    [Fact(Timeout = 30000)]
    public async Task No_secret_stands_on_a_command_line()
    {
        await RunAsync("111:a", bots: 1);

        var calls = await File.ReadAllTextAsync(Path.Combine(Store, ".calls"));
        Assert.Contains("telegram-bot-0", calls, StringComparison.Ordinal);
        Assert.All(
            (string[])["master-secret", "api-key", "telegram-bot-0"],
            name => Assert.DoesNotContain(Secret(name)!, calls, StringComparison.Ordinal)
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string? Secret(string name) => File.Exists(Path.Combine(Store, name)) ? File.ReadAllText(Path.Combine(Store, name)) : null;

    Task<int> RunAsync(string tokens, int bots) =>
        _script.RunAsync(
            [],
            [("STORE", Store), ("TGVAULT_KEY_VAULT", "kv"), ("TGVAULT_BOT_COUNT", $"{bots}"), ("TGVAULT_BOT_TOKENS", tokens)]
        );
}
