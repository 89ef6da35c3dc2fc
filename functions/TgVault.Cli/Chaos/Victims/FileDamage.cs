namespace TgVault.Cli.Chaos.Victims;

/// <summary>What disks do to files.</summary>
static class FileDamage
{
    /// <summary>Damages one; what was done, as a verb of it.</summary>
    /// <param name="path">A file that is not empty.</param>
    /// <param name="kind">0 to 2.</param>
    /// <param name="where">Says at which byte.</param>
    /// <exception cref="FileNotFoundException">It is not there any more.</exception>
    public static string Do(string path, int kind, ulong where)
    {
        if (kind == 0)
        {
            if (!File.Exists(path))
                throw new FileNotFoundException("It is gone.", path);
            File.Delete(path);
            return "vanished";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var at = (long)(where % (ulong)file.Length);
        if (kind == 1)
        {
            file.SetLength(at);
            return "was cut";
        }

        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
        return "had a bit flipped";
    }
}
