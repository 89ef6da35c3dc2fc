using System.Globalization;
using System.Runtime.InteropServices;
using TgVault.BotApi;

const string Usage = "usage: TgVault.BotApi --data DIR --token T [--token T ...] --channel ID [--channel ID ...] [--port N] [--messages-per-minute N] [--control] [--exit-with-stdin]";

if (StandInArguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await using var server = await BotApiServer.StartAsync(arguments.Options, stop.Token);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Bot API stand-in on {server.Url}"));
    if (arguments.ExitWithStdin) await EndOfInputAsync(stop.Token);
    else await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    return 0;
}
catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"The Bot API stand-in could not start: {exception.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

// The parent holds the other end: when it ends, however it ends, so do we.
static async Task EndOfInputAsync(CancellationToken cancellationToken)
{
    var buffer = new byte[256];
    await using var input = Console.OpenStandardInput();
    try
    {
        while (await input.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken) > 0)
        {
            // Whatever is sent means nothing; only the end does.
        }
    }
    catch (OperationCanceledException)
    {
        // A signal came first.
    }
}
