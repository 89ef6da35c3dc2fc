namespace TgVault.Core.Rows.Sqlite;

static class RowCopies
{
    public const string FolderName = "copies";
}
