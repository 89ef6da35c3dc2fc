namespace TgVault.Cli.Terminal;

/// <summary>What commands end with; docs/cli.md promises them.</summary>
static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something could not be done, and standard error says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong; nothing was done.</summary>
    public const int WrongUsage = 2;

    /// <summary><c>verify</c> found copies missing or damaged; those that it could mend are mended.</summary>
    public const int Damage = 3;

    /// <summary><c>verify</c> found no damage, but could not look at all.</summary>
    public const int Unchecked = 4;

    /// <summary>A fault of the program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Unforeseen = 70;

    /// <summary>Ctrl-C, SIGTERM or the end of the terminal, in good order.</summary>
    public const int Interrupted = 130;
}
