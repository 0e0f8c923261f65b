namespace Plimsoll.Storage;

/// <summary>Tables of the history of a run; all derived from its journal.</summary>
/// <remarks>
/// Numbers are NUMERIC: SQLite keeps them as numbers where 15 digits hold them and as their exact text where not. Times
/// are ISO 8601 in UTC, so that they sort as they stand. <c>sequence</c> is that of the event.
/// </remarks>
static class HistorySchema
{
    /// <summary>A file of another version is made anew.</summary>
    public const int Version = 2;

    /// <summary>Statements that make the tables.</summary>
    public const string Text = """
        CREATE TABLE progress (
            one INTEGER PRIMARY KEY CHECK (one = 1), record INTEGER NOT NULL, chain BLOB NOT NULL,
            segment_record INTEGER NOT NULL, segment_time INTEGER NOT NULL, segment_chain BLOB NOT NULL,
            segment_events INTEGER NOT NULL);
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL, instrument TEXT NOT NULL,
            cause TEXT NOT NULL, held NUMERIC NOT NULL, wanted NUMERIC NOT NULL, order_contracts NUMERIC NOT NULL,
            binding TEXT NOT NULL, event TEXT NOT NULL);
        CREATE INDEX decisions_by_instrument ON decisions (instrument, sequence);
        CREATE TABLE orders (
            label TEXT PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL, instrument TEXT NOT NULL,
            side TEXT NOT NULL, contracts NUMERIC NOT NULL, limit_price NUMERIC NOT NULL, reduce_only INTEGER NOT NULL,
            purpose TEXT NOT NULL, status TEXT NOT NULL, filled NUMERIC NOT NULL, refusal TEXT NOT NULL,
            reason TEXT NOT NULL, updated_at TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE changes (
            sequence INTEGER NOT NULL, label TEXT NOT NULL, at TEXT NOT NULL, contracts NUMERIC NOT NULL,
            limit_price NUMERIC NOT NULL, PRIMARY KEY (sequence, label)) WITHOUT ROWID;
        CREATE TABLE fills (
            trade_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL, label TEXT,
            instrument TEXT NOT NULL, side TEXT NOT NULL, contracts NUMERIC NOT NULL, price NUMERIC NOT NULL,
            forced INTEGER NOT NULL, deleveraging INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE account (
            sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, equity_usd NUMERIC NOT NULL,
            initial_margin_usd NUMERIC NOT NULL, maintenance_margin_usd NUMERIC NOT NULL);
        CREATE TABLE targets (
            sequence INTEGER NOT NULL, at TEXT NOT NULL, instrument TEXT NOT NULL, contracts NUMERIC NOT NULL,
            binding TEXT NOT NULL, PRIMARY KEY (sequence, instrument)) WITHOUT ROWID;
        CREATE TABLE modes (
            id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL, before TEXT NOT NULL,
            after TEXT NOT NULL, cause TEXT NOT NULL);
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL, code TEXT NOT NULL,
            words TEXT NOT NULL);
        CREATE TABLE commands (
            sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, command TEXT NOT NULL, who TEXT NOT NULL,
            why TEXT NOT NULL);
        """;

    /// <summary>Tables that people ask, in order.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    ["decisions", "orders", "changes", "fills", "account", "targets", "modes", "alerts", "commands"];
}
