using System.Net.Sockets;
using System.Text.Json;
using TgVault.Cli.Client;
using TgVault.Core;
using TgVault.Core.Files;

namespace TgVault.Cli.Terminal;

/// <summary>A command cannot do what it was asked; the message is one sentence for the person who typed it.</summary>
sealed class CommandFailedException : Exception
{
    public CommandFailedException() { }

    public CommandFailedException(string message)
        : base(message) { }

    public CommandFailedException(string message, Exception? inner)
        : base(message, inner) { }
}

/// <summary>The one place where exceptions become a line on standard error and an exit code. Nobody sees a stack trace who did not ask
/// for one.</summary>
static class Failures
{
    /// <summary>Set to 1, what nobody foresaw is printed with its stack trace.</summary>
    public const string TraceVariable = "TGVAULT_TRACE";

    // Insufficient Storage (RFC 4918 §11.5), as the vault answers where its disk is full.
    const int DiskFullStatus = 507;

    public static async Task<int> ReportAsync(Func<Task<int>> run, CancellationToken stop)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (Foreseen(exception))
        {
            Print(exception);
            return ExitCodes.Failed;
        }
#pragma warning disable CA1031 // The last one there is: what comes here would end the process with a page of stack trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            PrintUnforeseen(exception, Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 } and not "0");
            return ExitCodes.Unforeseen;
        }
    }

    /// <summary>Whether the exception is about the world (files, network, the vault's answer) and its description can stand
    /// alone.</summary>
    public static bool Foreseen(Exception exception) =>
        Essence(exception)
            is CommandFailedException
                or VaultException
                or HttpRequestException
                or IOException
                or SocketException
                or TimeoutException
                or JsonException
                or UnauthorizedAccessException
                or OperationCanceledException
                or Azure.RequestFailedException;

    public static void Print(Exception exception) => Print(Describe(exception));

    public static void Print(string message) => Notice.PrintError($"tgvault: {SafeText.Of(message)}");

    public static string Describe(Exception exception) =>
        Essence(exception) switch
        {
            CommandFailedException or VaultException or VaultUnreachableException => Essence(exception).Message,
            Azure.RequestFailedException refused => DescribeStorage(refused),
            IOException failed when DiskErrors.IsFull(failed) => $"The disk is full; make room and try again ({failed.Message}).",
            IOException failed when DiskErrors.IsReadOnly(failed) =>
                $"Nothing can be written on that disk; name a folder on another one ({failed.Message}).",
            UnauthorizedAccessException denied =>
                $"The user that runs this may not do that; let it, or name another place ({denied.Message}).",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } untrusted =>
                $"There is no TLS connection that can be trusted: {Innermost(untrusted).Message}",
            HttpRequestException or SocketException or IOException { InnerException: SocketException } =>
                $"The connection broke off ({Innermost(exception).Message}); try again.",
            HttpIOException => "The connection broke off in the middle of the answer; try again.",
            TimeoutException or OperationCanceledException => "No answer came in time; try again.",
            JsonException => "What answers there does not answer as a vault does; is the address right?",
            var other => other.Message,
        };

    /// <summary>Whether the other side no longer answers, rather than saying no.</summary>
    public static bool IsBrokenOff(Exception exception) =>
        Essence(exception) switch
        {
            Azure.RequestFailedException refused => refused.Status is 0 or >= 500 and not DiskFullStatus,
            HttpRequestException or HttpIOException or SocketException or TimeoutException => true,
            IOException failed => failed.InnerException is SocketException,
            _ => false,
        };

    public static bool IsDiskFull(Azure.RequestFailedException refused) => refused.Status == DiskFullStatus;

    /// <summary>Of the failures of many tries, the last.</summary>
    static Exception Essence(Exception exception) =>
        exception is AggregateException { InnerExceptions: [.., var last] } ? Essence(last) : exception;

    static Exception Innermost(Exception exception) => Essence(exception) is { InnerException: { } inner } ? Innermost(inner) : exception;

    // The first line is the storage's own sentence. The SDK's message goes on with headers and may hold the URL, which is a secret.
    static string DescribeStorage(Azure.RequestFailedException refused) =>
        refused switch
        {
            { Status: DiskFullStatus } => "The vault's disk is full: make room there.",
            { Status: 0 } => $"Where uploads go nobody answers ({Innermost(refused).Message}).",
            { ErrorCode: { } code } => $"Storage refused the upload: {refused.Message.Split('\n')[0].Trim()} ({code} {refused.Status})",
            _ => $"Storage refused the upload: HTTP {refused.Status}.",
        };

    static void PrintUnforeseen(Exception exception, bool isTraced)
    {
        if (isTraced)
        {
            // Messages of any program may be in it, so line by line, with nothing that moves a cursor.
            foreach (var line in exception.ToString().Split('\n'))
                Notice.PrintError(SafeText.Of(line.TrimEnd('\r')));
            return;
        }

        var essence = Essence(exception);
        Print(
            $"Something happened that was not foreseen ({essence.GetType().Name}: {essence.Message.Split('\n')[0].Trim()}). "
                + $"With {TraceVariable}=1 before the command it says where; please report that."
        );
    }
}
