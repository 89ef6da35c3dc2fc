using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// Numbers every change of a row: none twice, also after a row was removed, the process was killed, or a copy of the database was put back.
/// Counts on from the time of the first change in microseconds, and keeps in the database a number that it has not reached.
/// </summary>
/// <remarks>Only the writer's thread uses it.</remarks>
sealed class SqliteVersions(TimeProvider time)
{
    /// <summary>Some seconds' worth: a number is kept only so often.</summary>
    const long Ahead = 1 << 20;

    long _last;
    long _kept;
    long _keeping;

    /// <summary>The time of the change, in milliseconds since 1970.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of a version; 0, which no row has, where it is none of this store's.</summary>
    public static long Number(string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public void Open(SqliteSession session)
    {
        _kept = (long)session.Scalar("SELECT value FROM store WHERE name = 'version'")!;
        // A copy that was put back counts from its own past; the clock leads over what was given out since.
        _last = Math.Max(_kept, 1000 * Now);
    }

    public long Next() => ++_last;

    /// <summary>Within a transaction: writes a number beyond all that were given out, where the kept one has been reached.</summary>
    public void Keep(SqliteSession session)
    {
        _keeping = _kept;
        if (_last <= _kept)
            return;
        _keeping = _last + Ahead;
        session["UPDATE store SET value = $1 WHERE name = 'version'"].Execute(_keeping);
    }

    /// <summary>The transaction was committed.</summary>
    public void Kept() => _kept = _keeping;

    /// <summary>At the end: the numbers that were not used need not be passed over.</summary>
    public void Close(SqliteSession session)
    {
        try
        {
            session["UPDATE store SET value = $1 WHERE name = 'version'"].Execute(_last);
        }
        catch (SqliteException)
        {
            // Passing over numbers costs nothing.
        }
    }
}
