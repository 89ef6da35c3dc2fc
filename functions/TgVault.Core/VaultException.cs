namespace TgVault.Core;

/// <summary>
/// What the vault throws when something other than the caller is at fault. Messages name video, chunk and offset; never a key, a token or
/// a file URL.
/// </summary>
public class VaultException : Exception
{
    public VaultException() { }

    public VaultException(string message)
        : base(message) { }

    public VaultException(string message, Exception? inner)
        : base(message, inner) { }
}

/// <summary>What makes a file that it cannot be used.</summary>
enum MediaFault
{
    /// <summary>What the container says of pictures and sound. They themselves may be fine in another one.</summary>
    Container,

    /// <summary>The pictures and sound themselves: writing them into another container would change nothing.</summary>
    Content,

    /// <summary>The file ends before what it names.</summary>
    CutShort,
}

/// <summary>The uploaded file itself cannot be used. Permanent: asking again gives the same answer.</summary>
public sealed class MediaException : VaultException
{
    public MediaException() { }

    /// <summary>What of the file is at fault.</summary>
    internal MediaFault Fault { get; init; }

    public MediaException(string message)
        : base(message) { }

    public MediaException(string message, Exception? inner)
        : base(message, inner) { }
}

/// <summary>
/// What keeps the vault's rows or uploads on this machine cannot do its work: a full disk, say. Nothing is wrong with what was asked;
/// asking again helps when somebody has done what the message says.
/// </summary>
public sealed class StorageException : VaultException
{
    public StorageException() { }

    public StorageException(string message)
        : base(message) { }

    public StorageException(string message, Exception? inner)
        : base(message, inner) { }
}

/// <summary>ffmpeg or ffprobe ended with an error. Its text for the log has the exit code and what the program printed last.</summary>
sealed class FfmpegException(string message, int exitCode, string standardErrorTail, Exception? inner = null)
    : VaultException(message, inner)
{
    /// <summary>Not 0; less where it did not end by itself.</summary>
    public int ExitCode => exitCode;

    /// <summary>What the program printed last; empty where it printed nothing.</summary>
    public string ErrorTail => standardErrorTail;

    /// <summary>The message is for a person; the log also gets the program's last words.</summary>
    public override string ToString() =>
        standardErrorTail.Length > 0 ? $"{base.ToString()}\nExit code {exitCode}: {standardErrorTail}" : base.ToString();
}

/// <summary>Why a chunk store did not do what it was asked.</summary>
public enum ChunkStoreFailure
{
    /// <summary>Asking again later may work; see <see cref="ChunkStoreException.RetryAfter"/>.</summary>
    Transient,

    /// <summary>Asking again changes nothing until somebody changes a setting or a right.</summary>
    Permanent,

    /// <summary>The document is no longer there.</summary>
    Gone,
}

/// <summary>What stands between the vault and its chunk store.</summary>
enum ChunkStoreTrouble
{
    /// <summary>Something that only the message says.</summary>
    Other,

    /// <summary>The store asks to wait.</summary>
    FloodWait,

    /// <summary>The vault's own pace of posting is used up for now.</summary>
    Pace,

    /// <summary>The store cannot be reached, or does not answer as it should.</summary>
    Unreachable,

    /// <summary>The store does not accept a bot's token.</summary>
    BadToken,

    /// <summary>The bot may not do in the channel what it was to do.</summary>
    NoRights,

    /// <summary>No channel may have more messages.</summary>
    ChannelsFull,
}

/// <summary>A chunk store failed. <see cref="RetryAfter"/> is set where the store named the time to wait (HTTP 429).</summary>
public sealed class ChunkStoreException(ChunkStoreFailure failure, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : VaultException(message, inner)
{
    /// <summary>Whether asking again can help.</summary>
    public ChunkStoreFailure Failure => failure;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>What is in the way.</summary>
    internal ChunkStoreTrouble Trouble { get; init; }

    /// <summary>
    /// Whether the store answered, and of this document alone said that it does not come. That may pass; where it does not, the document is
    /// not there.
    /// </summary>
    internal bool IsOfDocument { get; init; }
}

/// <summary>
/// More was fetched for a link than its viewers get, and more than it may be. Nothing is wrong with what was asked; it is asked too often.
/// </summary>
public sealed class BudgetException(TimeSpan retryAfter)
    : VaultException("More was fetched from the chunk store for this link than its viewers get.")
{
    /// <summary>When asking again can help: a second or more.</summary>
    public TimeSpan RetryAfter => retryAfter;
}

/// <summary>
/// Sealed bytes did not open: they are not the ones that were sealed. Never retried, and nothing of them is ever given out.
/// </summary>
public sealed class IntegrityException : VaultException
{
    public IntegrityException() { }

    public IntegrityException(string message)
        : base(message) { }

    public IntegrityException(string message, Exception? inner)
        : base(message, inner) { }
}
