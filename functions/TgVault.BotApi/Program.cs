using System.Runtime.InteropServices;
using TgVault.BotApi;

CommandLine command;
try
{
    command = CommandLine.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n{CommandLine.Usage}");
    return 2;
}

var ended = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await using var server = await BotApiServer.StartAsync(command.Options, CancellationToken.None);
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

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
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
