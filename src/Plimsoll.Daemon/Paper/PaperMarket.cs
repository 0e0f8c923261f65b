using Plimsoll.Markets;
using Plimsoll.Paper;
using Plimsoll.Storage;

namespace Plimsoll.Daemon;

/// <summary>The market of a run: where it starts and where it goes.</summary>
/// <param name="Start">Contracts, surfaces, spreads.</param>
/// <param name="Path">Index and volatility over time.</param>
/// <param name="What">For people.</param>
sealed record PaperMarket(MarketStart Start, IMarketPath Path, string What)
{
    /// <summary>Reads the market that the options name, or the built-in one.</summary>
    /// <param name="options">Checked.</param>
    /// <param name="nowMs">When the venue starts, unless it keeps the recorded dates.</param>
    public static Parsed<PaperMarket> Read(PaperOptions options, long nowMs)
    {
        var read = options.Market is { } path
            ? Snapshots(path)
            : Parsed<List<MarketSnapshot>>.Ok([EmbeddedMarket.Snapshot()]);
        if (!read.Succeeded)
            return Parsed<PaperMarket>.Fail(read.Faults);
        var faults = new List<Fault>();
        var starts = new List<MarketStart>();
        long firstMs = read.Value[0].AsOf.ToUnixTimeMilliseconds();
        foreach (var snapshot in read.Value)
        {
            // All chains of a series move by the days of the first.
            long ownMs = snapshot.AsOf.ToUnixTimeMilliseconds();
            var start = MarketStart.Of(
                snapshot,
                options.RecordedClock ? ownMs : nowMs + ownMs - firstMs,
                snapshot.Source
            );
            faults.AddRange(start.Faults);
            if (start.Succeeded)
                starts.Add(start.Value);
        }
        if (faults.Count > 0)
            return Parsed<PaperMarket>.Fail(faults);
        bool isSeries = starts.Count > 1;
        IMarketPath along = isSeries
            ? new RecordedPath(starts, options.Speed, options.Seed)
            : new StochasticPath(starts[0], new StochasticLaw(), options.Seed);
        string what = isSeries
            ? $"{starts.Count} recorded chains from {read.Value[0].AsOf:yyyy-MM-dd HH:mm} UTC"
            : $"stochastic market, seed {options.Seed}, from {read.Value[0].Source}";
        if (options.Script is { } script)
        {
            along = new ScriptedPath(along, script);
            what += $"; {script.Name}";
        }
        return Parsed<PaperMarket>.Ok(new PaperMarket(starts[0], along, what));
    }

    /// <summary>A folder of recorded chains in order of time, one recorded chain, or one snapshot.</summary>
    static Parsed<List<MarketSnapshot>> Snapshots(string path)
    {
        string place = System.IO.Path.GetFileName(path.TrimEnd('/'));
        if (!System.IO.Path.Exists(path))
            return Parsed<List<MarketSnapshot>>.Fail(new Fault(place, null, "", "no such file or folder", "a market"));
        string[] files = Directory.Exists(path)
            ? [.. Directory.GetFiles(path, "deribit-*.csv*").Order(StringComparer.Ordinal)]
            : [path];
        if (files.Length == 0)
            return Parsed<List<MarketSnapshot>>.Fail(
                new Fault(place, null, "", "an empty folder", "recorded chains named deribit-YYYYMMDDTHHMMSSZ.csv")
            );
        var read = files
            .Select(file =>
                file.Contains(".csv", StringComparison.Ordinal) ? RecordedChainFile.Read(file) : SnapshotFile.Read(file)
            )
            .ToList();
        var faults = read.SelectMany(one => one.Faults).ToList();
        return faults.Count == 0
            ? Parsed<List<MarketSnapshot>>.Ok([.. read.Select(one => one.Value)])
            : Parsed<List<MarketSnapshot>>.Fail(faults);
    }
}
