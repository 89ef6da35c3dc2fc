using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>One connection and its prepared statements, each made once. For one thread at a time.</summary>
sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>Whether no transaction is open: SQLite ends one by itself after some errors.</summary>
    public bool IsOutsideTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0;

    /// <summary>The statement, prepared.</summary>
    /// <param name="sql">Written in the code, with $1, $2 and so on for values.</param>
    public SqliteStatement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
                _statements.Add(sql, statement = new SqliteStatement(connection, sql));
            return statement;
        }
    }

    /// <summary>Runs something once that is not worth keeping prepared, or cannot be.</summary>
    public void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var statement = new SqliteStatement(connection, sql);
        statement.Execute(values);
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public object? Scalar(string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        using var reader = statement.Read();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetValue(0) : null;
    }

    /// <summary>Ends what runs on the connection; by whichever thread.</summary>
    public void Interrupt() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        connection.Dispose();
    }
}

/// <summary>A prepared statement.</summary>
sealed class SqliteStatement : IDisposable
{
    readonly SqliteCommand _command;

    [SuppressMessage("Security", "CA2100", Justification = "Statements are written in the code; values are parameters.")]
    public SqliteStatement(SqliteConnection connection, string sql) => _command = new SqliteCommand(sql, connection);

    /// <summary>Runs it and returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<object> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it; the caller reads the rows and disposes of the reader.</summary>
    public SqliteDataReader Read(params ReadOnlySpan<object> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    void Bind(ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i == _command.Parameters.Count)
                _command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (i + 1).ToString(CultureInfo.InvariantCulture) });
            _command.Parameters[i].Value = values[i];
        }
    }
}
