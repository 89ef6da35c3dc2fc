namespace TgVault.Core.Mp4.Index.Columns;

/// <summary>How a stored index that cannot be read is told. It says nothing of the film: the index is built anew from it.</summary>
static class IndexDamage
{
    public static MediaException Unreadable() => new("The stored index of the MP4 cannot be read; it has to be built anew.");
}
