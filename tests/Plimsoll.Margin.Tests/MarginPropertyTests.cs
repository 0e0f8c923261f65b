using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>What a margin rule promises of every book, venue by venue; where it does not, a book that shows it.</summary>
/// <remarks>Draws are fixed. docs/margin/VENUE.md names each counterexample with its effect.</remarks>
public sealed class MarginPropertyTests
{
    const int Books = 200;

    public static TheoryData<string> Names => [.. MarginPropertyBooks.Rules.Keys];

    static void NotMore(double least, double most, double roundingUsd, string what) =>
        Assert.True(least <= most + 1e-9 * (1 + Math.Abs(most)) + roundingUsd, $"{what}: {least:R} > {most:R}");

    [Fact]
    public void Every_rule_that_has_figures_is_among_them() =>
        Assert.Equal(
            VenueMargins.All.Select(entry => entry.Key).Where(key => key != "bybit-portfolio-margin").Order(),
            MarginPropertyBooks.Rules.Values.Select(rule => rule.Key).Distinct().Order()
        );

    [Theory, MemberData(nameof(Names))]
    public void Margin_is_not_negative_nothing_asks_for_nothing_and_initial_is_never_below_maintenance(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        var random = new Random(11);
        Assert.Equal((0, 0), rule.Asked(new double[rule.Instruments.Length]));
        int charged = 0;
        for (int n = 0; n < Books; n++)
            foreach (double factor in (double[])[1, 0.6, 1.5])
            foreach (var pool in rule.Stated(rule.Draw(random), factor).Pools)
            {
                Assert.True(pool.Maintenance >= 0, $"{name} {n}: {pool.Maintenance}");
                NotMore(pool.Maintenance, pool.Initial, 0, $"{name} {n}");
                charged += pool.Initial > 0 ? 1 : 0;
            }
        Assert.True(charged > Books, $"{charged} books are charged: the test proves little");
    }

    [Theory, MemberData(nameof(Names))]
    public void Margin_scales_with_the_book(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        var random = new Random(12);
        for (int n = 0; n < Books; n++)
        {
            double[] book = rule.Draw(random);
            double times = 0.1 + 1.9 * random.NextDouble();
            var (one, scaled) = (rule.Asked(book), rule.Asked(book.Times(times)));
            double slack = rule.RoundingUsd + 1e-10 * rule.MostUsd;
            Assert.Equal(times * one.Initial, scaled.Initial, slack + 1e-9 * scaled.Initial);
            Assert.Equal(times * one.Maintenance, scaled.Maintenance, slack + 1e-9 * scaled.Initial);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_whole_never_needs_more_than_its_parts_where_the_rule_says_so(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        var random = new Random(13);
        int saved = 0;
        for (int n = 0; n < Books; n++)
        {
            double[] one = rule.Draw(random),
                other = n % 2 == 0 ? rule.Draw(random) : rule.Draw(random).With(one.Times(-0.5));
            var (a, b, whole) = (rule.Asked(one), rule.Asked(other), rule.Asked(one.With(other)));
            double slack = rule.RoundingUsd + 1e-10 * rule.MostUsd;
            if (rule.IsSubadditive)
            {
                NotMore(whole.Initial, a.Initial + b.Initial, slack, $"{name} {n}");
                NotMore(whole.Maintenance, a.Maintenance + b.Maintenance, slack, $"{name} {n}");
            }
            saved += whole.Initial < 0.99 * (a.Initial + b.Initial) ? 1 : 0;
        }
        Assert.True(saved > Books / 10, $"{saved} books in which parts save: the test proves little");
    }

    /// <summary>Rules whose figures are the worst of a venue's own scenarios.</summary>
    public static TheoryData<string> Scans =>
        [
            "deribit-portfolio-margin",
            "derive-portfolio-margin",
            "derive-portfolio-margin-2",
            "okx-portfolio-margin",
            "span-like-margin",
        ];

    static double WorstUsd(MarginStatement statement) =>
        statement.Pools.Sum(pool =>
            pool.Grids.Sum(grid => Math.Max(0, -grid.Cells[grid.Worst!.Value].Gain) * pool.UnitUsd)
        );

    [Theory, MemberData(nameof(Scans))]
    public void A_future_sold_against_a_net_long_of_futures_never_raises_a_scenario_margin(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        var random = new Random(14);
        int[] futures =
        [
            .. Enumerable.Range(0, rule.Instruments.Length).Where(i => rule.Instruments[i] is not OptionInstrument),
        ];
        int lowered = 0;
        for (int n = 0; n < Books; n++)
        {
            double[] drawn = rule.Draw(random),
                book = rule.Of([.. futures.Select(i => (i, drawn[i]))]);
            double Usd(int i) => book[i] * MarginPropertyBooks.EachUsd(rule.Instruments[i]);
            double netUsd = futures.Sum(Usd);
            int with = futures[random.Next(futures.Length)];
            var hedge = rule.Of(
                (with, -netUsd * random.NextDouble() / MarginPropertyBooks.EachUsd(rule.Instruments[with]))
            );
            double before = WorstUsd(rule.Stated(book)),
                after = WorstUsd(rule.Stated(book.With(hedge)));
            NotMore(after, before, rule.RoundingUsd, $"{name} {n}");
            lowered += after < before - 1 ? 1 : 0;
        }
        Assert.True(lowered > Books / 2, $"{lowered} lowered");
    }

    /// <summary>Those whose scenarios of options are published.</summary>
    public static TheoryData<string> OptionScans =>
        [.. Scans.Select(row => row.Data).Where(key => key != "okx-portfolio-margin")];

    [Theory, MemberData(nameof(OptionScans))]
    public void A_bought_option_never_worsens_a_scenario_by_more_than_its_price(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        int[] options =
        [
            .. Enumerable.Range(0, rule.Instruments.Length).Where(i => rule.Instruments[i] is OptionInstrument),
        ];
        var random = new Random(15);
        int lowered = 0;
        for (int n = 0; n < Books; n++)
        {
            double[] book = rule.Draw(random);
            int with = options[random.Next(options.Length)];
            double bought = Math.Abs(rule.Draw(random)[with]);
            double price = bought * PriceInPool(rule.Instruments[with]);
            var (before, after) = (rule.Stated(book), rule.Stated(book.With(rule.Of((with, bought)))));
            var cells = before.Pools.SelectMany(p => p.Grids).SelectMany(grid => grid.Cells).ToList();
            foreach (var cell in after.Pools.SelectMany(p => p.Grids).SelectMany(grid => grid.Cells))
            {
                // The basis and the skews are charges that Derive states as scenarios: no prices there.
                if (cell.Name == "basis" || cell.Name.Contains("Linear") || cell.Name.Contains("Abs"))
                    continue;
                var was = cells.Single(other => other.Name == cell.Name);
                NotMore(was.RawGain - price, cell.RawGain, rule.RoundingUsd, $"{name} {n} {cell.Name}");
                lowered += cell.RawGain > was.RawGain ? 1 : 0;
            }
        }
        Assert.True(lowered > Books, $"{lowered} cells are better off");
    }

    static double PriceInPool(Instrument instrument) =>
        (double)instrument.ContractSize * MarginPropertyBooks.Quote(instrument, 1).Mark;

    /// <summary>Rules that charge each position alone.</summary>
    public static TheoryData<string> Alone =>
        [
            "binance-margin, futures",
            "binance-margin, options",
            "binance-portfolio-margin",
            "bybit-unified-margin",
            "deribit-standard-margin, options",
            "dydx-margin",
            "hyperliquid-margin",
        ];

    [Theory, MemberData(nameof(Alone))]
    public void A_position_made_smaller_never_needs_more(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        var random = new Random(16);
        for (int n = 0; n < Books; n++)
        {
            // Beyond the first bound too, as far as the tables reach.
            double[] book = rule.Draw(random, name == "bybit-unified-margin" ? 4 : 6);
            int at = random.Next(book.Length);
            var (before, after) = (
                rule.Asked(book),
                rule.Asked(book.With(rule.Of((at, -book[at] * random.NextDouble()))))
            );
            NotMore(after.Initial, before.Initial, 0, $"{name} {n}");
            NotMore(after.Maintenance, before.Maintenance, 0, $"{name} {n}");
        }
    }

    /// <summary>All but Deribit's portfolio margin, whose pieces have a test of their own.</summary>
    public static TheoryData<string> Forms =>
        [.. MarginPropertyBooks.Rules.Keys.Where(name => name != "deribit-portfolio-margin")];

    [Theory, MemberData(nameof(Forms))]
    public void The_optimisers_form_is_never_below_the_rule_today_and_at_moved_markets(string name)
    {
        var rule = MarginPropertyBooks.Rules[name];
        var random = new Random(17);
        for (int n = 0; n < Books; n++)
        {
            double[] book = rule.Draw(random);
            foreach (double factor in (double[])[1, 0.7, 1.4])
            {
                var (initial, maintenance) = rule.Asked(book, factor);
                double paid = rule.Key == "derive-standard-margin" ? LongValueUsd(rule, book, factor) : 0;
                var bound = BoundOf(rule, book, factor);
                NotMore(initial - paid, bound.Initial, rule.RoundingUsd, $"{name} {n} at {factor}");
                NotMore(maintenance - paid, bound.Maintenance, rule.RoundingUsd, $"{name} {n} at {factor}");
            }
        }
    }

    /// <summary>Options held: a charge of the statement, which the sizing takes off the balance instead.</summary>
    static double LongValueUsd(PropertyRule rule, double[] book, double factor) =>
        rule
            .Instruments.Select((instrument, i) => (instrument, Contracts: book[i]))
            .Where(held => held.instrument is OptionInstrument && held.Contracts > 0)
            .Sum(held =>
                held.Contracts
                * (double)held.instrument.ContractSize
                * MarginPropertyBooks.Quote(held.instrument, factor).Mark
            );

    static (double Initial, double Maintenance) BoundOf(PropertyRule rule, double[] book, double factor)
    {
        var market = rule.Book(book, factor).Market;
        if (rule.Model is IConvexVenue convex)
        {
            var pool = new ConvexPool(ImmutableSortedDictionary<string, double>.Empty, [.. book]);
            var today = new ConvexToday(convex.FormOf(rule.Instruments, pool), market);
            return (today.Bound(book, MarginKind.Initial), today.Bound(book, MarginKind.Maintenance));
        }
        double initial = 0,
            maintenance = 0;
        for (int i = 0; i < book.Length; i++)
        {
            var instrument = rule.Instruments[i];
            var quote = MarginPropertyBooks.Quote(instrument, factor);
            var price = new MarginPrice(quote.UnderlyingUsd, quote.Mark);
            var rate = rule.Model is IPositionwiseVenue venue
                ? venue.Bound(instrument, price, 1e9)!.Value
                : DeribitStandardMargin.Shipped.Rate(instrument, price)!.Value;
            double unit = instrument.Settlement.IsDollar ? 1 : 60_000 * factor;
            initial += unit * rate.Initial(book[i]);
            maintenance += unit * rate.Maintenance(book[i]);
        }
        return (initial, maintenance);
    }
}
