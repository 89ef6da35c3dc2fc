using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using TgVault.Azurite;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Local;

/// <summary>The local vault with the function app as its host: Azurite and the stand-in as for <see cref="LocalVault"/>, and Core Tools'
/// <c>func</c> on the published app.</summary>
static class LocalFunctionApp
{
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    /// <summary>Runs until <paramref name="cancellationToken"/> (exit code 0) or until a child dies (1).</summary>
    public static async Task<int> RunAsync(string app, string path, int port, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(app, "host.json")))
            throw new CommandFailedException($"{app} holds no published function app; `./tgvault func` makes one.");
        using var folder = VaultFolder.Open(path);
        var configured = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var secrets = folder.LoadSecrets(mayCreate: string.IsNullOrEmpty(configured[LocalVault.Key("MasterSecret")]));
        try
        {
            // The host keeps its own state in Azurite too, whatever the vault's storage is.
            await using var azurite = await AzuriteProcess.StartAsync(folder.Storage, NodeModules.Find(), cancellationToken);
            await using var botApi = LocalVault.IsSet(configured, "Telegram:Bots")
                ? null
                : await LocalVault.StartBotApiAsync(configured, folder, secrets, control: false, cancellationToken);
            var settings = LocalVault.Combine(
                configured,
                folder,
                secrets,
                LocalVault.IsSet(configured, "Storage") ? null : azurite,
                botApi
            );
            using var func = Launch(app, port, azurite.ConnectionString, settings);
            folder.Announce(new RunningVault($"http://localhost:{port}", settings[LocalVault.Key("ApiKey")]!, Environment.ProcessId));
            return await WaitAsync(func, azurite, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    static Process Launch(string app, int port, string storage, IConfiguration settings)
    {
        var start = new ProcessStartInfo("func") { WorkingDirectory = app };
        foreach (var argument in new[] { "start", "--port", port.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT"] = "1";
        start.Environment["AzureWebJobsStorage"] = storage;
        start.Environment["AzureWebJobsDisableHomepage"] = "true";
        // Azurite sends no events, so here the polling twin watches.
        start.Environment["AzureWebJobs.UploadArrived.Disabled"] = "true";
        start.Environment["VaultStorage"] = settings[LocalVault.Key("Storage")];
        foreach (var (key, value) in settings.GetSection(Core.Hosting.VaultSettingsReader.Section).AsEnumerable())
        {
            if (value is not null)
                start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new UnreachableException("bug: starting func gave no process");
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailedException(
                "func is missing: npm install --global azure-functions-core-tools@4 (https://aka.ms/azfunc-install)",
                exception
            );
        }
    }

    static async Task<int> WaitAsync(Process func, AzuriteProcess azurite, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(func.WaitForExitAsync(cancellationToken), azurite.Exited);
            if (cancellationToken.IsCancellationRequested)
                return 0;
            Failures.Print(func.HasExited ? "func ended unexpectedly." : "Azurite ended unexpectedly; the app stops.");
            return 1;
        }
        finally
        {
            // Ctrl-C reaches func as well, which then stops its worker in good order.
            if (!await EndedAsync(func))
                func.Kill(entireProcessTree: true);
        }
    }

    static async Task<bool> EndedAsync(Process func)
    {
        try
        {
            await func.WaitForExitAsync(CancellationToken.None).WaitAsync(LongestStop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
