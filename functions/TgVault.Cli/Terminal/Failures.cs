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

/// <summary>The one place where exceptions become a line on standard error and an exit code.
/// Nobody sees a stack trace for a failure that was foreseen.</summary>
static class Failures
{
    const int Failed = 1;
    const int Interrupted = 130;

    // Insufficient Storage (RFC 4918 §11.5).
    const int DiskFullStatus = 507;

    public static async Task<int> ReportAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception exception) when (Foreseen(exception))
        {
            Print(exception);
            return Failed;
        }
    }

    /// <summary>Whether the exception is about the world (files, network, the vault's answer) and its message can stand alone.</summary>
    public static bool Foreseen(Exception exception) =>
        exception
            is CommandFailedException
                or VaultException
                or HttpRequestException
                or IOException
                or UnauthorizedAccessException
                or Azure.RequestFailedException;

    public static void Print(Exception exception) => Print(Describe(exception));

    public static void Print(string message) => Notice.PrintError($"tgvault: {SafeText.Of(message)}");

    public static string Describe(Exception exception) =>
        exception switch
        {
            // The first line is the storage's own sentence. The SDK's message goes on with headers and may hold the URL, which is a secret.
            Azure.RequestFailedException { ErrorCode: { } code } refused =>
                $"Storage refused the upload: {refused.Message.Split('\n')[0].Trim()} ({code} {refused.Status})",
            Azure.RequestFailedException refused => $"Storage refused the upload: HTTP {refused.Status}.",
            IOException failed when DiskErrors.IsFull(failed) => $"The disk is full; make room and try again ({failed.Message}).",
            IOException failed when DiskErrors.IsReadOnly(failed) =>
                $"Nothing can be written on that disk; name a folder on another one ({failed.Message}).",
            UnauthorizedAccessException denied =>
                $"The user that runs this may not do that; let it, or name another place ({denied.Message}).",
            _ => exception.Message,
        };
}
