using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Backtest;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>A folder of recorded option chains as a timeline; see <see cref="RecordedChainFile"/>.</summary>
/// <remarks>
/// Bars, where given, settle expiries and draw scenarios. What the records lack is stated in
/// <see cref="Assumptions"/>.
/// </remarks>
public sealed class ChainTimeline : IMarketTimeline
{
    readonly ImmutableArray<string> files;

    ChainTimeline(
        ImmutableArray<string> files,
        ImmutableArray<DateTimeOffset> times,
        PriceHistories? bars,
        string source
    )
    {
        (this.files, Times, Source) = (files, times, source);
        Histories = bars?.Histories ?? [];
        Assumptions = [.. Stated(bars)];
    }

    /// <inheritdoc />
    public string Source { get; }

    /// <inheritdoc />
    public ImmutableArray<DateTimeOffset> Times { get; }

    /// <inheritdoc />
    public ImmutableArray<string> Assumptions { get; }

    /// <inheritdoc />
    public ImmutableArray<PriceHistory> Histories { get; }

    /// <summary>Files of the timeline in order of time.</summary>
    public ImmutableArray<string> Files => files;

    /// <summary>The chains of a folder between two instants, both included.</summary>
    public static Parsed<ChainTimeline> Open(
        string folder,
        PriceHistories? bars,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null
    )
    {
        string place = Path.GetFileName(Path.GetFullPath(folder).TrimEnd('/'));
        if (!Directory.Exists(folder))
            return Fail(place, "no such folder", "a folder of recorded chains");
        var chosen = Directory
            .GetFiles(folder)
            .Select(file => (File: file, Time: RecordedChainFile.TimeOf(Path.GetFileName(file))))
            .Where(row => row.Time is not null && !(row.Time < from) && !(row.Time > to))
            .OrderBy(row => row.Time)
            .ToList();
        if (chosen.Count < 2)
            return Fail(
                place,
                FormattableString.Invariant($"{chosen.Count} recorded chains in that time"),
                "two or more files deribit-YYYYMMDDTHHMMSSZ.csv or .csv.gz"
            );
        return Parsed<ChainTimeline>.Ok(
            new ChainTimeline(
                [.. chosen.Select(row => row.File)],
                [.. chosen.Select(row => row.Time!.Value)],
                bars,
                place
            )
        );
    }

    /// <inheritdoc />
    public Parsed<MarketSnapshot> Read(int step) => RecordedChainFile.Read(files[step]);

    /// <inheritdoc />
    public Instrument? Contract(string name) => RecordedContracts.Find(name);

    /// <inheritdoc />
    public (double LowUsd, double HighUsd)? Range(string underlying, int step) => null;

    IEnumerable<string> Stated(PriceHistories? bars)
    {
        var (first, last) = (Times[0], Times[^1]);
        yield return FormattableString.Invariant(
            $"{Times.Length} recorded chains, {first:yyyy-MM-dd HH:mm} to {last:yyyy-MM-dd HH:mm} UTC; between them "
        ) + "nothing is known: margin is looked at when a chain was recorded";
        yield return MarksOfFutures();
        yield return "no sizes are recorded: fills are bounded by traded volume and open interest";
        yield return "decisions and fills share one recorded instant: quotes are taken as they stood";
        if (bars is null || bars.Histories.IsEmpty)
        {
            yield return "no bars: scenarios are the embedded model's, which was fitted to the whole history, these "
                + "months included; expiries settle at the index of the first chain after 08:00 UTC";
            yield break;
        }
        var end = bars.Histories.Max(history => history.Bars[^1].OpenTime + history.BarLength);
        yield return "expiries settle at the close of the bar that ends at 08:00 UTC, not at the venue's average of 30 "
            + "minutes";
        if (end < last)
            yield return FormattableString.Invariant(
                $"bars end {end:yyyy-MM-dd HH:mm} UTC: after that spot comes from "
            )
                + "the chains, expiries settle at the index of the first chain after 08:00 UTC, and scenarios take "
                + "today's level of volatility from the surface";
        yield return "the recorded crash days of the stress set and the constants of the volatility response are those "
            + "that ship with the program: where they are later than the walk they are knowledge of the future, which "
            + "can only make limits tighter or scenarios truer";
    }

    string MarksOfFutures()
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(files[0]))!;
        var marked = FutureMarks.Days(folder);
        var days = Times
            .Where(time => marked.Contains(time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
            .ToList();
        if (days.Count == 0)
            return "no marks of perpetuals and futures: perpetuals stand at the index, futures at their forward";
        return FormattableString.Invariant(
                $"marks of perpetuals and futures for {days.Count} of {Times.Length} chains, {days[0]:yyyy-MM-dd} to "
            )
            + FormattableString.Invariant(
                $"{days[^1]:yyyy-MM-dd}; elsewhere perpetuals stand at the index, futures at "
            )
            + "their forward";
    }

    static Parsed<ChainTimeline> Fail(string place, string found, string expected) =>
        Parsed<ChainTimeline>.Fail(new Fault(place, null, "", found, expected));
}
