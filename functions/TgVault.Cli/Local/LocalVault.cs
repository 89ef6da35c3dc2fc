using System.Globalization;
using TgVault.Cli.Listening;
using TgVault.Cli.Terminal;
using TgVault.Core.Engine;
using TgVault.Core.Hosting;
using TgVault.Core.Recovery;
using TgVault.Core.Sessions;
using TgVault.Core.Settings;
using TgVault.Core.TakeOver;
using TgVault.Core.Telegram;

namespace TgVault.Cli.Local;

/// <summary>
/// A vault with everything embedded: rows and uploads in its data folder, the vault in this process, and, where no bot token is set, the
/// Bot API stand-in as its only child. The child ends after the vault, whose last writes need it; if it dies, the vault stops.
/// </summary>
static class LocalVault
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);

    // Ctrl-C reaches the child as well, and it may be gone a moment before we hear of it ourselves.
    static readonly TimeSpan SignalSlack = TimeSpan.FromSeconds(1);

    /// <summary>Runs until <paramref name="cancellationToken"/> (exit code 0) or until the stand-in dies (1).</summary>
    /// <param name="path">The data folder.</param>
    /// <param name="port">The port.</param>
    /// <param name="configured">The settings, as far as somebody set them.</param>
    /// <param name="telegramControl">Whether the stand-in takes faults on demand at /control, for trying things out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(
        string path,
        int port,
        IConfiguration configured,
        bool telegramControl,
        CancellationToken cancellationToken
    )
    {
        using var folder = VaultFolder.Open(path);
        var secrets = folder.LoadSecrets(mayCreate: string.IsNullOrEmpty(configured[Key("MasterSecret")]));
        while (true)
        {
            if (await RunOnceAsync(folder, secrets, port, configured, telegramControl, cancellationToken) is { } code)
                return code;
            Notice.PrintError("The master secret is being rotated: starting again with the new one ...");
            secrets = folder.LoadSecrets(mayCreate: false);
        }
    }

    /// <summary>The same with these secrets; null where there are others by now.</summary>
    static async Task<int?> RunOnceAsync(
        VaultFolder folder,
        LocalSecrets secrets,
        int port,
        IConfiguration configured,
        bool telegramControl,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var isOlderLeft = !IsSet(configured, "Storage") && await TakeOver(configured, folder).RunAsync(cancellationToken);
            await using var botApi = IsSet(configured, "Telegram:Bots") ? null : StartBotApi(configured, folder, secrets, telegramControl);
            var settings = Serve.ReadSettings(Combine(configured, folder, folder.Storage, secrets, botApi));
            var listener = VaultListener.Open(settings, port, TimeProvider.System);
            // On empty storage the vault looks into its channel before it starts.
            await (botApi?.WaitUntilReadyAsync(cancellationToken) ?? Task.CompletedTask);
            await using var app = await Serve.StartAsync(settings, listener, cancellationToken);
            await Serve.WaitUntilHealthyAsync(listener.Local, LongestStart, cancellationToken);

            var problems = await TelegramAtStart.AskAsync(app.Services.GetRequiredService<ITelegramStatus>(), cancellationToken);
            var running = new RunningVault(listener.Local.OriginalString, settings.ApiKey, Environment.ProcessId);
            folder.Announce(running);
            var open = running.Url + VaultSessions.SignInPath + app.Services.GetRequiredService<VaultSessions>().MakeCode().Code;
            var loss = await DescribeLossAsync(app, cancellationToken);
            Greet(running, listener, folder, botApi is not null, problems, open, loss);
            if (botApi is not null && telegramControl)
                Notice.Print($"Faults of the stand-in: {botApi.Url}control");
            if (isOlderLeft)
                TakeOver(configured, folder).Forget();
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var rotating = LocalRotation.FollowAsync(folder, secrets, app.Services.GetRequiredService<KeyRotator>().Done, watching.Token);
            var code = await WaitAsync(botApi?.Exited, rotating, app, cancellationToken);
            await watching.CancelAsync();
            Notice.PrintError("Stopping ...");
            await ServerStop.StopAsync(app);
            return code;
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

    /// <summary>Does something with the settings that <see cref="RunAsync"/> would take, with the stand-in where it is one's own.</summary>
    /// <exception cref="CommandFailedException">A vault runs on the folder, or nobody has its master secret.</exception>
    public static async Task<int> WithSettingsAsync(
        string path,
        IConfiguration configured,
        Func<VaultSettings, Task<int>> run,
        CancellationToken cancellationToken
    )
    {
        using var folder = VaultFolder.Open(path);
        if (!folder.HasSecrets && !IsSet(configured, "MasterSecret"))
            throw new CommandFailedException(
                $"{path} has no secrets.json, and TgVault__MasterSecret is not set: without the vault's master secret nothing can be read."
            );
        if (StorageTakeOver.IsNeeded(folder.Storage))
            throw new CommandFailedException($"{path} is of the version before: start the vault once, which takes it over.");
        var secrets = folder.LoadSecrets(mayCreate: false);
        try
        {
            await using var botApi = IsSet(configured, "Telegram:Bots") ? null : StartBotApi(configured, folder, secrets, control: false);
            await (botApi?.WaitUntilReadyAsync(cancellationToken) ?? Task.CompletedTask);
            return await run(Serve.ReadSettings(Combine(configured, folder, folder.Storage, secrets, botApi)));
        }
        catch (InvalidOperationException exception)
        {
            throw new CommandFailedException(exception.Message, exception);
        }
    }

    /// <summary>Starts the stand-in without waiting for it.</summary>
    internal static BotApiProcess StartBotApi(IConfiguration configured, VaultFolder folder, LocalSecrets secrets, bool control)
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
        // It stands in for the channels of replicas, too, and for their bots.
        var replicas = configured.GetSection(Key("Replicas")).GetChildren().ToList();
        var channels = replicas
            .Select(replica => replica["Channel"])
            .OfType<string>()
            .Where(channel => long.TryParse(channel, CultureInfo.InvariantCulture, out var id) && id < 0 && id != secrets.Channel)
            .Distinct();
        var bots = replicas.SelectMany(replica => replica.GetSection("Bots").GetChildren()).Select(bot => bot["Token"]).OfType<string>();
        return BotApiProcess.Start(
            folder.Telegram,
            [secrets.BotToken, .. bots.Distinct()],
            secrets.Channel,
            [.. arguments, .. channels.SelectMany(channel => (string[])["--channel", channel])]
        );
    }

    /// <summary>Local values first, so that what the environment says wins.</summary>
    /// <param name="storage">A folder, or the connection string of an account.</param>
    internal static IConfiguration Combine(
        IConfiguration configured,
        VaultFolder folder,
        string storage,
        LocalSecrets secrets,
        BotApiProcess? botApi
    )
    {
        var local = new Dictionary<string, string?>
        {
            [Key("Storage")] = storage,
            [Key("MasterSecret")] = secrets.MasterSecret,
            [Key("ApiKey")] = secrets.ApiKey,
            // /tmp is memory on many systems, and a film does not fit there.
            [Key("Ffmpeg:TemporaryFolder")] = folder.Temporary,
        };
        if (secrets.FormerMasterSecret is { } former && !IsSet(configured, "MasterSecret"))
            local[Key("FormerMasterSecret")] = former;
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

    static StorageTakeOver TakeOver(IConfiguration configured, VaultFolder folder) =>
        new(folder.Storage, configured[Key("StoragePrefix")] ?? "", Notice.Print, TimeProvider.System);

    /// <summary>
    /// 0 where it was stopped, 1 where the stand-in died, null where <paramref name="rotating"/> says that other secrets are there.
    /// </summary>
    static async Task<int?> WaitAsync(Task? botApi, Task rotating, WebApplication app, CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource().Task;
        var stopped = Task.WhenAny(Task.Delay(Timeout.Infinite, cancellationToken), app.WaitForShutdownAsync(CancellationToken.None));
        var first = await Task.WhenAny(stopped, botApi ?? never, rotating);
        if (first == rotating && !cancellationToken.IsCancellationRequested)
            return null;
        if (first == stopped || await Task.WhenAny(stopped, Task.Delay(SignalSlack, CancellationToken.None)) == stopped)
            return 0;
        Failures.Print("The Bot API stand-in ended unexpectedly; the vault stops.");
        return 1;
    }

    /// <param name="problems">What is wrong with Telegram.</param>
    /// <param name="open">An address that signs one browser in.</param>
    /// <param name="loss">What has to be recovered; empty where nothing has.</param>
    static void Greet(
        RunningVault running,
        VaultListener listener,
        VaultFolder folder,
        bool standIn,
        IReadOnlyList<string> problems,
        string open,
        string loss
    )
    {
        var how =
            problems.Count == 0
                ? "TgVault is up."
                : "TgVault runs, but something is wrong with Telegram:\n"
                    + string.Concat(problems.Select(problem => $"  - {problem}\n"))
                    + "What is stored already may play. The settings page of the web app asks again.";
        var others = string.Concat(listener.Others.Select(url => $"  LAN      {url.GetLeftPart(UriPartial.Authority)}\n"));
        // What is not a terminal is a file or a journal, which more people read.
        var (key, signIn) = Output.IsTerminal ? (running.ApiKey, open) : ($"in {folder.RunFile}", "./tgvault open prints an address");
        Notice.Print(
            $"{how}\n  URL      {running.Url}\n{others}  API key  {key}\n  Open     {signIn}\n"
                + $"  Data     {folder.Path}\n"
                + (standIn ? "  Telegram stand-in on this machine (no bot token is set)\n\n" : "  Telegram the configured bots\n\n")
                + loss
                + "Upload with `./tgvault upload FILE`; stop with Ctrl-C."
        );
    }

    /// <summary>What the channel has and the tables have not; empty in a vault that lost nothing.</summary>
    static async Task<string> DescribeLossAsync(WebApplication app, CancellationToken cancellationToken) =>
        await app.Services.GetRequiredService<ILibraryRecovery>().FindAsync(cancellationToken) is { IsDone: false } state
            ? $"{state.Told}\nStop with Ctrl-C, and run `./tgvault recover` (with the same --data and settings).\n\n"
            : "";

    internal static bool IsSet(IConfiguration configured, string key) =>
        configured.GetSection(Key(key)) is var section && (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any());

    internal static string Key(string name) => $"{VaultSettingsReader.Section}:{name}";
}
