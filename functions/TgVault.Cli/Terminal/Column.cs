namespace TgVault.Cli.Terminal;

/// <summary>A column of a table on a terminal.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Least">How narrow it may be cut; null: it stays whole.</param>
/// <param name="Drop">Where there is no room, the column of the highest is left out first; 0: never.</param>
/// <param name="IsRight">Figures stand at the right.</param>
sealed record Column(string Title, int? Least = null, int Drop = 0, bool IsRight = false);
