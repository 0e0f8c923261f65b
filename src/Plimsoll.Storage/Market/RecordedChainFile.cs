using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Recorded option chains: one <c>deribit-YYYYMMDDTHHMMSSZ.csv</c> or <c>.csv.gz</c> per snapshot.</summary>
/// <remarks>
/// The file name states the time. <c>underlying_price</c> is the forward that the venue prices the option on; where
/// rows of one expiry were read moments apart and differ, their median counts. An <c>underlying_name</c> without
/// <c>SYN.</c> is a listed future and becomes an instrument. The perpetuals' marks come from
/// <c>deribit-perpetuals-at-snapshots.csv</c> beside or above the file; where that has no row within five minutes, the
/// perpetual stands at the index and a repair says so.
/// </remarks>
public static class RecordedChainFile
{
    static readonly string[] Required =
    [
        "instrument_name",
        "underlying_name",
        "underlying_price",
        "bid_price",
        "ask_price",
        "mark_price",
        "mark_iv",
        "open_interest",
        "volume",
        "index_price",
    ];
    static readonly string[] Optional = ["delta", "vega", "volume_usd"];

    /// <summary>Whether a path is named as a recorded chain may be: <c>.csv</c> or <c>.csv.gz</c>.</summary>
    public static bool IsNamedSo(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".csv", StringComparison.Ordinal) || path.EndsWith(".csv.gz", StringComparison.Ordinal);
    }

    /// <summary>The cleaned snapshot, or every fault of the file.</summary>
    public static Parsed<MarketSnapshot> Read(string path)
    {
        string place = Path.GetFileName(path);
        if (TimeOf(place) is not { } asOf)
            return Parsed<MarketSnapshot>.Fail(
                new Fault(
                    place,
                    null,
                    "",
                    "its name",
                    "deribit-YYYYMMDDTHHMMSSZ.csv or .csv.gz, the time of the snapshot"
                )
            );
        var read = CsvFile.Read(path, Required, Optional);
        if (!read.Succeeded)
            return Parsed<MarketSnapshot>.Fail(read.Faults);
        var chain = new ChainRows(read.Value, asOf);
        chain.ReadRows();
        if (chain.Faults.Count > 0)
            return Parsed<MarketSnapshot>.Fail(chain.Faults);
        var marks = FutureMarks.Near(Path.GetDirectoryName(Path.GetFullPath(path))!, asOf);
        if (!marks.Succeeded)
            return Parsed<MarketSnapshot>.Fail(marks.Faults);
        var raw = new MarketSnapshot
        {
            AsOf = asOf,
            Venue = ContractsFile.Deribit.Venue,
            Source = place,
            Underlyings = [.. chain.Coins.Select(coin => chain.Market(coin))],
            Quotes = [.. chain.Options, .. chain.Futures(marks.Value)],
            Repairs = [.. chain.Repairs],
        };
        return Parsed<MarketSnapshot>.Ok(MissingForwards.Complete(SnapshotCleaning.Clean(raw)));
    }

    /// <summary>Time that a file's name states, or null for a name of another form.</summary>
    public static DateTimeOffset? TimeOf(string name) =>
        DateTimeOffset.TryParseExact(
            name.Replace(".gz", "", StringComparison.Ordinal),
            "'deribit-'yyyyMMdd'T'HHmmss'Z.csv'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
}
