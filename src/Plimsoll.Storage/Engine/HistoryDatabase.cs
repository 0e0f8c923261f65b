using System.Globalization;
using Microsoft.Data.Sqlite;
using Plimsoll.Engine;

namespace Plimsoll.Storage;

/// <summary>How far a database has read its journal.</summary>
/// <param name="Record">Last record that was taken; 0: none.</param>
/// <param name="Chain">Its chain hash.</param>
/// <param name="SegmentRecord">Last record of the segment before the one that it lies in; 0: none.</param>
/// <param name="SegmentTime">Time of that, nanoseconds.</param>
/// <param name="SegmentChain">Its chain hash.</param>
/// <param name="SegmentEvents">Events up to there.</param>
public sealed record HistoryProgress(
    ulong Record,
    byte[] Chain,
    ulong SegmentRecord,
    long SegmentTime,
    byte[] SegmentChain,
    ulong SegmentEvents
);

/// <summary>History of a run in SQLite: derived from the journal, made anew from it at any time.</summary>
/// <remarks>
/// The engine never touches it. Rows of one <see cref="Commit"/> come together with the progress that they stand for,
/// so that a crash leaves a database that is behind and never one that is wrong. Not thread safe.
/// </remarks>
public sealed class HistoryDatabase : IDisposable
{
    readonly SqliteConnection connection;
    readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);
    SqliteTransaction? open;

    HistoryDatabase(SqliteConnection connection) => this.connection = connection;

    /// <summary>Opens a database, made if it is not there or of another version.</summary>
    /// <param name="path">The file; null: in memory.</param>
    /// <exception cref="IOException">The file can be neither read nor made.</exception>
    public static HistoryDatabase Open(string? path)
    {
        var made = new HistoryDatabase(Connect(path));
        try
        {
            if (path is not null)
                made.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            if (made.Scalar("PRAGMA user_version") is not long version || version != HistorySchema.Version)
                made.Clear();
            return made;
        }
        catch (SqliteException damaged) when (path is not null)
        {
            made.Dispose();
            throw new IOException($"{path}: {damaged.Message}; remove it, it is made from the journal", damaged);
        }
    }

    /// <summary>How far it has read; null for a new one.</summary>
    public HistoryProgress? Progress
    {
        get
        {
            using var command = Command("SELECT * FROM progress");
            using var row = command.ExecuteReader();
            return row.Read()
                ? new HistoryProgress(
                    (ulong)row.GetInt64(1),
                    (byte[])row.GetValue(2),
                    (ulong)row.GetInt64(3),
                    row.GetInt64(4),
                    (byte[])row.GetValue(5),
                    (ulong)row.GetInt64(6)
                )
                : null;
        }
    }

    /// <summary>Removes every row and table and makes them anew.</summary>
    public void Clear()
    {
        foreach (string name in (string[])["progress", .. HistorySchema.Tables])
            Run($"DROP TABLE IF EXISTS {name};");
        Run($"{HistorySchema.Text} PRAGMA user_version = {HistorySchema.Version};");
    }

    /// <summary>Takes an event.</summary>
    public void Take(Sequenced next)
    {
        string at = Time(next.At);
        switch (next.Event)
        {
            case AccountSeen account:
                Insert(
                    "account",
                    next.Sequence,
                    at,
                    account.EquityUsd,
                    account.InitialMarginUsd,
                    account.MaintenanceMarginUsd
                );
                break;
            case FillSeen fill:
                Fill(next, fill);
                break;
            case ReconcileSeen seen:
                foreach (var fill in seen.Trades)
                    Fill(next, fill);
                break;
            case OrderSeen seen:
                Order(seen.Label, $"{seen.Status}", seen.FilledContracts, seen.Refusal, seen.Reason, at);
                break;
            case SendFailed failed:
                Order(failed.Label, failed.IsAmbiguous ? "Unknown" : "Failed", null, failed.Refusal, failed.Reason, at);
                break;
            case OrderNotFound missing:
                Order(missing.Label, "NotFound", null, RefusalKind.None, "", at);
                break;
            case TargetsReady ready:
                foreach (var target in ready.Targets)
                    Insert("targets", next.Sequence, at, target.Instrument, target.Contracts, target.Binding);
                break;
            case Armed armed:
                Insert("commands", next.Sequence, at, "arm", armed.Who, armed.Why);
                break;
            case ReduceOnlyAsked asked:
                Insert("commands", next.Sequence, at, "reduce-only", asked.Who, asked.Why);
                break;
            case Killed killed:
                Insert(
                    "commands",
                    next.Sequence,
                    at,
                    killed.Flatten ? "kill --flatten" : "kill",
                    killed.Who,
                    killed.Why
                );
                break;
        }
    }

    /// <summary>Takes what the engine asked for after an event.</summary>
    /// <param name="cause">The event.</param>
    /// <param name="effects">In order.</param>
    public void Take(Sequenced cause, IReadOnlyList<EngineEffect> effects)
    {
        string at = Time(cause.At);
        foreach (var effect in effects)
            switch (effect)
            {
                case Decided one:
                    Insert(
                        "decisions",
                        null,
                        cause.Sequence,
                        at,
                        one.Instrument,
                        one.Cause,
                        one.Held,
                        one.Wanted,
                        one.Order,
                        one.Binding,
                        cause.Event.GetType().Name
                    );
                    break;
                case SendOrder { Order: var order }:
                    Insert(
                        "orders",
                        order.Label,
                        cause.Sequence,
                        at,
                        order.Instrument,
                        $"{order.Side}",
                        order.Contracts,
                        order.LimitPrice,
                        order.ReduceOnly ? 1 : 0,
                        $"{order.Purpose}",
                        "Sent",
                        0m,
                        $"{RefusalKind.None}",
                        "",
                        at
                    );
                    break;
                case EditOrder { Order: var order }:
                    Insert("changes", cause.Sequence, order.Label, at, order.Contracts, order.LimitPrice);
                    break;
                case ModeChanged changed:
                    Insert("modes", null, cause.Sequence, at, $"{changed.Before}", $"{changed.After}", changed.Cause);
                    break;
                case Alert alert:
                    Insert("alerts", null, cause.Sequence, at, alert.Code, alert.Words);
                    break;
            }
    }

    /// <summary>Makes everything taken since the last time durable with how far it goes.</summary>
    public void Commit(HistoryProgress progress)
    {
        Insert(
            "progress",
            1,
            progress.Record,
            progress.Chain,
            progress.SegmentRecord,
            progress.SegmentTime,
            progress.SegmentChain,
            progress.SegmentEvents
        );
        open?.Commit();
        open?.Dispose();
        open = null;
    }

    /// <summary>Rows of a question in SQL; nothing can be changed by it.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="values">Values by name, such as <c>$instrument</c>.</param>
    /// <exception cref="ArgumentException">SQLite refuses the statement; its words are in the message.</exception>
    public HistoryAnswer Ask(string sql, params (string Name, object Value)[] values)
    {
        Run("PRAGMA query_only = ON;");
        try
        {
            using var command = Command(sql);
            foreach (var (name, value) in values)
                command.Parameters.AddWithValue(name, value);
            using var row = command.ExecuteReader();
            var columns = Enumerable.Range(0, row.FieldCount).Select(row.GetName).ToList();
            var rows = new List<IReadOnlyList<object?>>();
            while (row.Read())
                rows.Add([.. columns.Select((_, i) => row.IsDBNull(i) ? null : row.GetValue(i))]);
            return new HistoryAnswer(columns, rows);
        }
        catch (SqliteException refused)
        {
            throw new ArgumentException(refused.Message, nameof(sql), refused);
        }
        finally
        {
            Run("PRAGMA query_only = OFF;");
        }
    }

    /// <summary>Rows of each table, in order.</summary>
    public IEnumerable<(string Table, long Rows)> Counts() =>
        HistorySchema.Tables.Select(table => (table, (long)Scalar($"SELECT count(*) FROM {table}")!)).ToList();

    /// <inheritdoc />
    public void Dispose()
    {
        open?.Dispose();
        foreach (var command in prepared.Values)
            command.Dispose();
        connection.Dispose();
    }

    void Fill(Sequenced next, FillSeen fill) =>
        Insert(
            "fills",
            fill.TradeId,
            next.Sequence,
            Time(next.At),
            fill.Label,
            fill.Instrument,
            $"{fill.Side}",
            fill.Contracts,
            fill.Price,
            fill.IsForced ? 1 : 0,
            fill.IsDeleveraging ? 1 : 0
        );

    void Order(string label, string status, decimal? filled, RefusalKind refusal, string reason, string at)
    {
        const string Sql = """
            UPDATE orders SET status = $0, filled = coalesce($1, filled), refusal = $2, reason = $3, updated_at = $4
            WHERE label = $5
            """;
        Write("order", () => Sql, [status, filled, $"{refusal}", reason, at, label]);
    }

    // What was told before is not told again: a trade may be reported many times, the first report stands.
    void Insert(string table, params object?[] values) =>
        Write(
            table,
            () =>
                $"INSERT OR {(table == "progress" ? "REPLACE" : "IGNORE")} INTO {table} "
                + $"VALUES ({string.Join(", ", values.Select((_, i) => $"${i}"))})",
            values
        );

    void Write(string key, Func<string> sql, object?[] values)
    {
        open ??= connection.BeginTransaction();
        if (!prepared.TryGetValue(key, out var command))
        {
            prepared[key] = command = Command(sql());
            for (int i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter($"${i}", null));
        }
        command.Transaction = open;
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                ulong number => (long)number,
                decimal number => (number / 1.000000000000000000000000000000000m).ToString(
                    CultureInfo.InvariantCulture
                ),
                var other => other,
            };
        command.ExecuteNonQuery();
    }

    static SqliteConnection Connect(string? path)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path ?? ":memory:",
            Pooling = false,
            DefaultTimeout = 10,
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
        }
        catch (SqliteException refused)
        {
            connection.Dispose();
            throw new IOException($"{path}: {refused.Message}", refused);
        }
        return connection;
    }

    void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    object? Scalar(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar();
    }

    SqliteCommand Command(string sql) => new(sql, connection);

    static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}

/// <summary>Rows that answer a question.</summary>
/// <param name="Columns">Names.</param>
/// <param name="Rows">Long, double, string, bytes or null.</param>
public sealed record HistoryAnswer(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
