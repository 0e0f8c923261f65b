using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plimsoll.Engine;
using Plimsoll.Live;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Paper;
using Plimsoll.Storage;

namespace Plimsoll.CrashDays;

/// <summary>A recorded crash at the paper venue: three equal accounts, and what becomes of each.</summary>
/// <remarks>
/// The first is left alone, the second has an engine that only cuts before the venue does, the third one that also sizes
/// by a mandate whose liquidation limit is the promise to be kept.
/// </remarks>
sealed class CrashDay
{
    const string Perpetual = "BTC-PERPETUAL";
    const decimal Coins = 10;

    /// <summary>The promise: no chance above 0.1% of liquidation a day, and 20% of adverse move at least.</summary>
    public const string Mandate = """
        objective  = "protect"
        horizon    = "1d"
        candidates = ["BTC-PERPETUAL"]

        [survival]
        liquidation = { probability = "0.1%", min-distance = "20%" }

        [assumptions]
        funding-8h       = "0.01%"
        perpetual-spread = "0.01%"
        """;

    readonly Venue venue;
    readonly MarketDriver driver;
    readonly PaperAccount failed;
    readonly string place;
    readonly List<(
        DateTimeOffset At,
        decimal Index,
        (decimal Ratio, decimal EquityUsd, string Held)[] Accounts
    )> rows = [];

    CrashDay(
        string place,
        MarketStart start,
        IMarketPath path,
        ImmutableArray<(string Name, decimal Contracts)> book,
        bool rests
    )
    {
        this.place = place;
        long startMs = start.Snapshot.AsOf.ToUnixTimeMilliseconds();
        venue = new Venue(VenueFigures.Shipped, DeribitStandardMargin.Shipped, startMs);
        driver = new MarketDriver(venue, start, path, new MarketLife(CrowdAccounts: 0), seed: 1);
        Book = book;
        ImmutableArray<string> followed = [.. book.Select(one => one.Name).Append(Perpetual).Distinct()];
        failed = venue.OpenAccount("failed", AccountRole.House);
        Alone = new SimulatedRun(venue, "alone", Coins, followed, null, null);
        Cuts = new SimulatedRun(venue, "cuts", Coins, followed, Settings, null);
        Sized = new SimulatedRun(venue, "sized", Coins, followed, rests ? AtRest : Settings, Solving);
    }

    public ImmutableArray<(string Name, decimal Contracts)> Book { get; }

    public SimulatedRun Alone { get; }

    public SimulatedRun Cuts { get; }

    public SimulatedRun Sized { get; }

    IEnumerable<SimulatedRun> All => [Alone, Cuts, Sized];

    /// <summary>2026-02-04 21:33 to 2026-02-06 09:35 UTC, seven recorded chains, at a speed.</summary>
    /// <param name="folder">Recorded chains.</param>
    /// <param name="speed">Recorded seconds for each second of the venue: the higher, the steeper the crash.</param>
    /// <param name="rests">Whether ordinary orders of the sized account rest before they cross.</param>
    public static CrashDay February2026(string folder, double speed, bool rests = false)
    {
        string[] files =
        [
            .. Directory
                .GetFiles(folder, "deribit-2026020*.csv.gz")
                .Where(file => string.CompareOrdinal(Path.GetFileName(file), "deribit-20260204T21") > 0)
                .Where(file => string.CompareOrdinal(Path.GetFileName(file), "deribit-20260206T10") < 0)
                .Order(StringComparer.Ordinal),
        ];
        var snapshots = files.Select(file => RecordedChainFile.Read(file).Value).Select(BitcoinAlone).ToList();
        var starts = snapshots.Select(one => MarketStart.Of(one, AsOfMs(one), one.Source).Value).ToList();
        var few = MarketStart.Of(Few(snapshots[0]), AsOfMs(snapshots[0]), "few").Value;
        // Six times leveraged by the perpetual, with puts sold under the market.
        return new CrashDay(
            FormattableString.Invariant(
                $"2026-02-04 21:33 to 02-06 09:35 UTC, recorded chains, {speed:0} times as fast"
            ),
            few,
            new RecordedPath(starts, speed, seed: 1),
            [(Perpetual, 400_000), ("BTC-27FEB26-60000-P", -10)],
            rests
        );
    }

    /// <summary>2025-10-10: the fall of the recorded bar in the twelve minutes of the recorded deleveraging.</summary>
    /// <param name="bars">Four-hour bars of BTC.</param>
    /// <param name="record">The deleveraged accounts of that day.</param>
    /// <param name="rests">Whether ordinary orders of the sized account rest before they cross.</param>
    public static CrashDay October2025(string bars, string record, bool rests = false)
    {
        var bar = BarsCsv
            .Read(bars)
            .Value.Histories[0]
            .Bars.Single(one => one.OpenTime == new DateTimeOffset(2025, 10, 10, 20, 0, 0, TimeSpan.Zero));
        var start = MarketStart
            .Of(Few(BitcoinAlone(EmbeddedMarket.Snapshot())), AsOfMs(EmbeddedMarket.Snapshot()), "")
            .Value;
        double fall = (double)(bar.Low / bar.Open),
            rise = (double)(bar.Close / bar.Low);
        const long Fall = 12 * 60_000;
        var script = new MarketScript(
            "2025-10-10",
            [
                new ScriptLeg(60_000, Fall, null, [], fall, 1.5, 1, 1, 0),
                new ScriptLeg(60_000, 0, 2 * Fall, [], 1, 1, 4, 0.1, 0),
                new ScriptLeg(60_000 + Fall, 4 * Fall, null, [], rise, 1, 1, 1, 0),
            ]
        );
        string future = start
            .Snapshot.Quotes.Select(quote => quote.Instrument)
            .OfType<FutureInstrument>()
            .OrderBy(one => one.Expiry)
            .Last()
            .Name;
        // A hedge: long the future, short the perpetual, ten times the equity each.
        return new CrashDay(
            FormattableString.Invariant(
                $"2025-10-10: {bar.Open:0} to {bar.Low:0} USD in 12 minutes, then {bar.Close:0}"
            ),
            start,
            new ScriptedPath(new StillPath(start), script),
            [(future, 600_000), (Perpetual, -600_000)],
            rests
        )
        {
            queue = DeleveragingQueueOf(record),
            queueFrom = 60_000,
            queueFor = Fall,
        };
    }

    // Score and notional of those who were deleveraged, first in the queue first.
    ImmutableArray<(double Score, double Usd)> queue = [];
    long queueFrom;
    long queueFor;

    /// <summary>Runs for so long; a row of the timeline each so often.</summary>
    public void Run(TimeSpan length, TimeSpan step, TimeSpan rowEvery)
    {
        long startMs = venue.NowMs;
        driver.RunTo(startMs);
        foreach (var (name, contracts) in Book)
        foreach (var run in All)
            for (decimal left = contracts; left != 0; left = contracts - run.Held(name))
            {
                // The house's quotes come anew each step; a large position takes several.
                run.Open(name, left);
                driver.RunTo(venue.NowMs + MarketDriver.StepMs);
            }
        venue.Drain();
        long openedMs = venue.NowMs;
        long nextRow = 0;
        for (long ms = 0; ms <= (long)length.TotalMilliseconds; ms += (long)step.TotalMilliseconds)
        {
            driver.RunTo(openedMs + ms);
            Deleverage(ms);
            var said = venue.Drain();
            foreach (var run in All)
                run.Hear(said);
            foreach (var run in All)
                run.Step();
            if (ms == 0)
                foreach (var run in All)
                    run.Arm();
            if (ms < nextRow)
                continue;
            rows.Add((DateTimeOffset.FromUnixTimeMilliseconds(venue.NowMs), venue.Index("BTC"), [.. All.Select(Row)]));
            nextRow += (long)rowEvery.TotalMilliseconds;
        }
    }

    /// <summary>The day as a page's section.</summary>
    public string Timeline()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {place}\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Each begins with {Coins} BTC and {string.Join(", ", Book.Select(one => $"{one.Contracts:#,0} {one.Name}"))}.\n\n"
        );
        text.Append(
            "| account | highest ratio | liquidated | equity at the end, USD | orders |\n| --- | --- | --- | --- | --- |\n"
        );
        foreach (var (name, run) in Named())
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {Share(run.HighestRatio)} | {(run.LiquidatedAt is { } at ? $"{at:HH:mm:ss}" : "never")} | {run.EquityUsd:#,0} | {run.Orders} |\n"
            );
        text.Append(
            "\n| UTC | BTC index | left alone: ratio, held | only cuts: ratio, held | sized: ratio, held |\n| --- | --- | --- | --- | --- |\n"
        );
        foreach (var (at, index, accounts) in rows)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {at:dd HH:mm} | {index:#,0} | {string.Join(" | ", accounts.Select(one => $"{Share(one.Ratio)}, {one.Held}"))} |\n"
            );
        foreach (var (name, run) in Named().Where(one => one.Run.News.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name}:\n\n");
            foreach (var (at, words) in run.News.Take(MostNews))
                text.Append(CultureInfo.InvariantCulture, $"- {at:dd HH:mm:ss} {words}\n");
            if (run.News.Count > MostNews)
                text.Append(CultureInfo.InvariantCulture, $"- and {run.News.Count - MostNews} more\n");
        }
        return text.ToString();
    }

    const int MostNews = 24;

    IEnumerable<(string Name, SimulatedRun Run)> Named() =>
        [("left alone", Alone), ("only cuts", Cuts), ("sized", Sized)];

    (decimal, decimal, string) Row(SimulatedRun run) =>
        (
            run.Ratio,
            run.EquityUsd,
            string.Join(" / ", Book.Select(one => run.Held(one.Name).ToString("#,0", CultureInfo.InvariantCulture)))
        );

    /// <summary>The queue is used up evenly over the recorded minutes; who stands before it goes.</summary>
    void Deleverage(long ms)
    {
        if (queue.IsEmpty || ms < queueFrom)
            return;
        double gone = Math.Min(1, (double)(ms - queueFrom) / queueFor) * queue.Sum(one => one.Usd),
            passed = 0,
            line = double.MaxValue;
        foreach (var (score, usd) in queue)
        {
            if ((passed += usd) > gone)
                break;
            line = score;
        }
        foreach (var run in All)
        {
            decimal held = run.Held(Perpetual);
            if (held >= 0 || run.EquityUsd <= 0)
                continue;
            var book = venue.Listed[Perpetual];
            double entry = (double)run.Account.Position(book).AveragePrice;
            double score = entry / (double)book.Mark * (double)(-held * 10 / run.EquityUsd);
            if (entry > (double)book.Mark && score >= line)
                run.Deleverage(Perpetual, held, failed);
        }
    }

    static ImmutableArray<(double, double)> DeleveragingQueueOf(string record)
    {
        using var text = new StreamReader(
            new System.IO.Compression.GZipStream(
                File.OpenRead(record),
                System.IO.Compression.CompressionMode.Decompress
            )
        );
        string[] header = text.ReadLine()!.Split(',');
        int notional = Array.IndexOf(header, "adl_notional_usd"),
            leverage = Array.IndexOf(header, "leverage"),
            gain = Array.IndexOf(header, "pnl_percent");
        var rows = new List<(double Score, double Usd)>();
        while (text.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            double Number(int at) => double.Parse(cells[at], CultureInfo.InvariantCulture);
            if (Number(leverage) > 0)
                rows.Add((Number(leverage) * (1 + Math.Max(0, Number(gain)) / 100), Number(notional)));
        }
        return [.. rows.OrderByDescending(one => one.Score)];
    }

    static EngineSettings Settings { get; } =
        RunFile.Defaults.Engine with
        {
            SolveInterval = TimeSpan.FromMinutes(2),
            Controls = RunFile.Defaults.Engine.Controls with
            {
                OrderShareOfEquity = 2,
                OrderNotionalUsd = 2_000_000,
                PositionNotionalUsd = 20_000_000,
                GrossNotionalUsd = 40_000_000,
                LossTodayShare = 1,
                MessagesPerSecond = 20,
            },
        };

    static EngineSettings AtRest { get; } = Settings with { Resting = Settings.Resting with { IsOn = true } };

    static SolveSettings Solving { get; } =
        new()
        {
            Mandate = MandateFile.Parse(Mandate, "the day's mandate").Value,
            Account = "sized",
            Venue = "deribit",
            MarginMode = MarginMode.SegregatedStandard,
            Scenarios = 1_000,
        };

    static MarketSnapshot BitcoinAlone(MarketSnapshot all) =>
        all with
        {
            Underlyings = [.. all.Underlyings.Where(one => one.Underlying == "BTC")],
            Quotes = [.. all.Quotes.Where(quote => quote.Instrument.Underlying == "BTC")],
        };

    // Perpetual, futures, and the options of two expiries: what is held and what a surface needs.
    static MarketSnapshot Few(MarketSnapshot all)
    {
        var expiries = all
            .Quotes.Select(quote => quote.Instrument)
            .OfType<OptionInstrument>()
            .GroupBy(one => one.Expiry)
            .OrderByDescending(one => one.Key == new DateTimeOffset(2026, 2, 27, 8, 0, 0, TimeSpan.Zero))
            .ThenByDescending(one => one.Count())
            .Take(1)
            .Select(one => one.Key)
            .ToHashSet();
        return all with
        {
            Quotes =
            [
                .. all.Quotes.Where(quote =>
                    quote.Instrument is not OptionInstrument option || expiries.Contains(option.Expiry)
                ),
            ],
        };
    }

    static long AsOfMs(MarketSnapshot snapshot) => snapshot.AsOf.ToUnixTimeMilliseconds();

    static string Share(decimal ratio) =>
        ratio >= 99 ? "bankrupt" : ratio.ToString("0.0%", CultureInfo.InvariantCulture);

    /// <summary>A market that does nothing by itself.</summary>
    sealed class StillPath(MarketStart start) : IMarketPath
    {
        public void MoveTo(long elapsedMs) { }

        public CoinMoment At(string coin) => new(start.IndexUsd(coin), 1, 1, 1, 0);

        public double VolatilityAnnual(string coin, double strikeUsd, double tYears, double forwardUsd) =>
            start.Surface(coin).VolatilityAnnual(strikeUsd, tYears, forwardUsd);
    }
}
