namespace TgVault.Core.TakeOver;

/// <summary>The storage of the version before cannot be taken over; the message says why in one sentence. It is as it was.</summary>
sealed class TakeOverException : VaultException
{
    public TakeOverException() { }

    public TakeOverException(string message)
        : base(message) { }

    public TakeOverException(string message, Exception? inner)
        : base(message, inner) { }

    public static TakeOverException Unreadable(string path, string why, Exception? inner = null) =>
        new(
            $"The library of the version before cannot be taken over, and nothing was changed: {path} cannot be read, for {why}; put a "
                + "copy of the data folder back, or run that version on it once more and stop it in good order.",
            inner
        );
}
