using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using TgVault.Cli.Terminal;
using TgVault.Core.TakeOver;

namespace TgVault.Cli.Local;

/// <summary>
/// A local vault with the function app as its host: the stand-in as for <see cref="LocalVault"/>, and Core Tools' <c>func</c> on the
/// published app. Storage is an account, for the host keeps its own state in one: <c>./tgvault func</c> starts an emulator.
/// </summary>
static class LocalFunctionApp
{
    /// <summary>The connection string of the account, by the name that every Functions host knows.</summary>
    const string AccountVariable = "AzureWebJobsStorage";

    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    /// <summary>Runs until <paramref name="cancellationToken"/> (exit code 0) or until <c>func</c> dies (1).</summary>
    public static async Task<int> RunAsync(string app, string path, int port, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(app, "host.json")))
            throw new CommandFailedException($"{app} holds no published function app; `./tgvault func` makes one.");
        using var folder = VaultFolder.Open(path);
        if (Directory.Exists(folder.Storage) && !StorageTakeOver.IsNeeded(folder.Storage))
            throw new CommandFailedException(
                $"{path} is the data folder of a vault that `./tgvault up` runs; give `func` one of its own with --data."
            );
        var configured = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var account =
            configured[AccountVariable]
            ?? throw new CommandFailedException(
                $"{AccountVariable} is not set: `./tgvault func` starts a storage emulator and sets it; or name an account in it."
            );
        var secrets = folder.LoadSecrets(mayCreate: string.IsNullOrEmpty(configured[LocalVault.Key("MasterSecret")]));
        try
        {
            await using var botApi = LocalVault.IsSet(configured, "Telegram:Bots")
                ? null
                : LocalVault.StartBotApi(configured, folder, secrets, control: false);
            await (botApi?.WaitUntilReadyAsync(cancellationToken) ?? Task.CompletedTask);
            var settings = LocalVault.Combine(configured, folder, account, secrets, botApi);
            using var func = Launch(app, port, account, settings);
            folder.Announce(new RunningVault($"http://localhost:{port}", settings[LocalVault.Key("ApiKey")]!, Environment.ProcessId));
            return await WaitAsync(func, cancellationToken);
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
        start.Environment[AccountVariable] = storage;
        start.Environment["AzureWebJobsDisableHomepage"] = "true";
        // An emulator sends no events, so here the polling twin watches.
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

    static async Task<int> WaitAsync(Process func, CancellationToken cancellationToken)
    {
        try
        {
            await func.WaitForExitAsync(cancellationToken);
            Failures.Print("func ended unexpectedly.");
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
