using TgVault.Azurite;
using TgVault.Cli.Terminal;
using TgVault.Core.Hosting;
using TgVault.Core.Sessions;

namespace TgVault.Cli.Local;

/// <summary>
/// A vault with everything embedded: Azurite and, where no bot token is set, the Bot API stand-in as children, and the vault in this
/// process.
/// Children start before it and end after it, for its last writes need them; if one of them dies, all of it stops.
/// </summary>
static class LocalVault
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);

    // Ctrl-C reaches the children as well, and one may be gone a moment before we hear of it ourselves.
    static readonly TimeSpan SignalSlack = TimeSpan.FromSeconds(1);

    /// <summary>Runs until <paramref name="cancellationToken"/> (exit code 0) or until a child dies (1).</summary>
    /// <param name="path">The data folder.</param>
    /// <param name="port">The port on localhost.</param>
    /// <param name="telegramControl">Whether the stand-in takes faults on demand at /control, for trying things out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(string path, int port, bool telegramControl, CancellationToken cancellationToken)
    {
        using var folder = VaultFolder.Open(path);
        var configured = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var secrets = folder.LoadSecrets(mayCreate: string.IsNullOrEmpty(configured[Key("MasterSecret")]));
        try
        {
            await using var azurite = IsSet(configured, "Storage")
                ? null
                : await AzuriteProcess.StartAsync(folder.Storage, NodeModules.Find(), cancellationToken);
            await using var botApi = IsSet(configured, "Telegram:Bots")
                ? null
                : await StartBotApiAsync(configured, folder, secrets, telegramControl, cancellationToken);
            var settings = Serve.ReadSettings(Combine(configured, folder, secrets, azurite, botApi));
            await using var app = await Serve.StartAsync(settings, port, cancellationToken);
            await Serve.WaitUntilHealthyAsync(port, LongestStart, cancellationToken);

            var running = new RunningVault($"http://localhost:{port}", settings.ApiKey, Environment.ProcessId);
            folder.Announce(running);
            var code = app.Services.GetRequiredService<VaultSessions>().MakeCode().Code;
            Greet(running, folder, botApi is not null, running.Url + VaultSessions.SignInPath + code);
            if (botApi is not null && telegramControl)
                Console.Out.WriteLine($"Faults of the stand-in: {botApi.Url}control");
            var exitCode = await WaitAsync(azurite?.Exited, botApi?.Exited, app, cancellationToken);
            await Console.Error.WriteLineAsync("Stopping ...");
            await app.StopAsync(CancellationToken.None);
            return exitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (InvalidOperationException exception)
        {
            throw new CommandFailedException(exception.Message, exception);
        }
    }

    internal static async Task<BotApiProcess> StartBotApiAsync(
        IConfiguration configured,
        VaultFolder folder,
        LocalSecrets secrets,
        bool control,
        CancellationToken cancellationToken
    )
    {
        foreach (var key in new[] { "Telegram:BaseUrl", "Telegram:Channels" })
        {
            if (IsSet(configured, key))
                throw new CommandFailedException(
                    $"{Key(key)} is set, but there is no bot token. Set TgVault__Telegram__Bots__0__Token too, or remove it to use "
                        + "the stand-in for Telegram."
                );
        }

        // Telegram keeps what was deleted readable for long; on one's own disk that would only be lost room.
        string[] arguments = control ? ["--reclaim-deleted", "--control"] : ["--reclaim-deleted"];
        return await BotApiProcess.StartAsync(folder.Telegram, secrets.BotToken, secrets.Channel, arguments, cancellationToken);
    }

    /// <summary>Local values first, so that what the environment says wins.</summary>
    internal static IConfiguration Combine(
        IConfiguration configured,
        VaultFolder folder,
        LocalSecrets secrets,
        AzuriteProcess? azurite,
        BotApiProcess? botApi
    )
    {
        var local = new Dictionary<string, string?>
        {
            [Key("MasterSecret")] = secrets.MasterSecret,
            [Key("ApiKey")] = secrets.ApiKey,
            // /tmp is memory on many systems, and a film does not fit there.
            [Key("Ffmpeg:TemporaryFolder")] = folder.Temporary,
        };
        if (azurite is not null)
            local[Key("Storage")] = azurite.ConnectionString;
        if (botApi is not null)
        {
            local[Key("Telegram:BaseUrl")] = botApi.Url.GetLeftPart(UriPartial.Authority);
            local[Key("Telegram:Bots:0:Token")] = secrets.BotToken;
            local[Key("Telegram:Channels:0")] = secrets.Channel.ToString(System.Globalization.CultureInfo.InvariantCulture);
            // The stand-in keeps no pace.
            local[Key("Telegram:MessagesPerMinute")] = "0";
        }

        return new ConfigurationBuilder().AddInMemoryCollection(local).AddConfiguration(configured).Build();
    }

    static async Task<int> WaitAsync(Task? azurite, Task? botApi, WebApplication app, CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource().Task;
        var stopped = Task.WhenAny(Task.Delay(Timeout.Infinite, cancellationToken), app.WaitForShutdownAsync(CancellationToken.None));
        var first = await Task.WhenAny(stopped, azurite ?? never, botApi ?? never);
        if (first == stopped || await Task.WhenAny(stopped, Task.Delay(SignalSlack, CancellationToken.None)) == stopped)
            return 0;
        Failures.Print($"{(first == azurite ? "Azurite" : "The Bot API stand-in")} ended unexpectedly; the vault stops.");
        return 1;
    }

    /// <param name="open">An address that signs one browser in.</param>
    static void Greet(RunningVault running, VaultFolder folder, bool standIn, string open)
    {
        Console.Out.WriteLine($"TgVault is up.\n  URL      {running.Url}\n  API key  {running.ApiKey}\n  Open     {open}");
        Console.Out.WriteLine($"  Data     {folder.Path}");
        Console.Out.WriteLine(standIn ? "  Telegram stand-in on this machine (no bot token is set)\n" : "  Telegram the configured bots\n");
        Console.Out.WriteLine("Upload with `./tgvault upload FILE`; stop with Ctrl-C.");
    }

    internal static bool IsSet(IConfiguration configured, string key) =>
        configured.GetSection(Key(key)) is var section && (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any());

    internal static string Key(string name) => $"{VaultSettingsReader.Section}:{name}";
}
