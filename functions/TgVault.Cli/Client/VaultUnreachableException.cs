namespace TgVault.Cli.Client;

/// <summary>Nothing listens there, at this moment.</summary>
sealed class VaultUnreachableException : HttpRequestException
{
    public VaultUnreachableException() { }

    public VaultUnreachableException(string message)
        : base(message) { }

    public VaultUnreachableException(string message, Exception? inner)
        : base(message, inner) { }
}
