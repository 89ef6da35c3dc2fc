using System.Runtime.InteropServices;
using TgVault.BotApi;

// Ten seconds: the former one gives itself three.
const int MostLooks = 200;
var betweenLooks = TimeSpan.FromMilliseconds(50);

CommandLine command;
try
{
    command = CommandLine.Parse(args, Environment.GetEnvironmentVariable(CommandLine.TokensVariable));
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n{CommandLine.Usage}");
    return 2;
}

var ended = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
try
{
    await using var server = await StartAsync();
    Console.WriteLine($"listening on {server.Url}");
    if (command.ExitWithStdin)
        _ = EndWithInputAsync();
    await ended.Task;
    return 0;
}
catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException or InvalidDataException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

// A vault that was killed leaves a stand-in that notices and ends; the next vault's does not come before that.
async Task<BotApiServer> StartAsync()
{
    for (var looks = 0; ; looks++)
    {
        try
        {
            return await BotApiServer.StartAsync(command.Options, CancellationToken.None);
        }
        catch (IOException taken) when (command.ExitWithStdin && looks < MostLooks && IsTaken(taken))
        {
            await Task.Delay(betweenLooks);
        }
    }
}

// EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION: the folder's log is another process's.
static bool IsTaken(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

// A terminal and a service manager signal all processes at once. Whoever started this still has documents to send then, and closes
// the input when it is done.
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (!command.ExitWithStdin)
        ended.TrySetResult();
}

// Whoever started this holds the other end of the pipe: when that process is gone, however it ended, so is this one.
async Task EndWithInputAsync()
{
    await using var input = Console.OpenStandardInput();
    var buffer = new byte[256];
    while (await input.ReadAsync(buffer) > 0) { }

    ended.TrySetResult();
}
