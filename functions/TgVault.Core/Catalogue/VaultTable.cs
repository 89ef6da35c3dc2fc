namespace TgVault.Core.Catalogue;

/// <summary>The table of what belongs to the vault as a whole: the key ring and the state of the catalogue log.</summary>
static class VaultTable
{
    public const string Name = "vault";
}
