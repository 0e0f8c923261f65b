using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>The trade list can be done in its order, checked by the venue's rule and not by the solver's rows.</summary>
public sealed class TradeOrderTests
{
    const double Share = 0.5;

    static SizingInput Input(MarginMode mode, decimal dollars, params ImmutableArray<Position> positions) =>
        SizingCases.Input(
            EmbeddedMarket.Snapshot(),
            new Account
            {
                Subaccounts =
                [
                    new Subaccount
                    {
                        Name = "main",
                        Venue = "deribit",
                        MarginMode = mode,
                        Balances = [new Balance(Currency.Usdc, dollars)],
                        Positions = positions,
                    },
                ],
            },
            new Mandate
            {
                Objective = ObjectiveKind.Growth,
                Candidates = ["BTC-PERPETUAL", "BTC-26JUN26", "BTC-24APR26-*", "ETH-PERPETUAL"],
                Survival = new SurvivalLimits { WorstCase = new WorstCaseLimit(0.9, 0.25, 4, false) },
                Limits = new MandateLimits { InitialMargin = Share },
                Assumptions = new Assumptions(Funding8h: 0.0001, PerpetualSpread: 0.0002),
            }
        ) with
        {
            Scenarios = 1_000,
        };

    static LotProblem Problem(SizingInput input) => new(ContinuousSolve.Of(Sizer.Prepare(input).Value));

    static int Place(LotProblem problem, string name) =>
        Array.FindIndex(problem.Lines, line => problem.Solve.Parts.Prepared.Lines[line].Name == name);

    /// <summary>Lots of a trade in contracts, by name.</summary>
    static int[] Lots(LotProblem problem, params (string Name, decimal Contracts)[] trades)
    {
        var lots = new int[problem.Lines.Length];
        foreach (var (name, contracts) in trades)
        {
            int i = Place(problem, name);
            Assert.True(i >= 0, $"{name} must be among the lines");
            lots[i] = (int)(contracts / problem.Solve.Parts.Prepared.Lines[problem.Lines[i]].Lot);
        }
        return lots;
    }

    /// <summary>
    /// Initial margin beyond what mandate and venue allow of the book after some trades, USD, by the account's own
    /// margin statement; at least 0.
    /// </summary>
    static double Shortage(LotProblem problem, IEnumerable<OrderedTrade> done)
    {
        var prepared = problem.Solve.Parts.Prepared;
        var input = prepared.Input;
        var market = new RiskMarket(input.Market, prepared.Surfaces);
        var trades = done.Select(trade => new BookTrade(
            "main",
            prepared.Lines[trade.Line].Instrument,
            (double)trade.Trade,
            0
        ));
        var book = Book.Of(input.Account, input.Market, market.Prices).After(trades, market.Prices);
        bool isPortfolio = PortfolioRule.IsPortfolio(input.Account.Subaccounts[0].MarginMode);
        var pool = Assert.Single(
            AccountMargin.Now(
                input.Account,
                book,
                DeribitStandardMargin.Shipped,
                market.Prices,
                prepared.Matrix.Prices!,
                isPortfolio ? new PortfolioRule(market) : null
            )
        );
        double venue = isPortfolio ? pool.Initial - pool.Equity : pool.Initial - pool.Balance;
        return Math.Max(0, Math.Max(pool.Initial - Share * prepared.Equity, venue));
    }

    /// <summary>No prefix is shorter of margin than the one before it: that of an account within margin never is.</summary>
    static void CanBeDone(LotProblem problem, ImmutableArray<OrderedTrade> order)
    {
        double tolerance = 1e-6 * problem.Solve.Parts.Prepared.Equity;
        double before = Shortage(problem, []);
        for (int k = 1; k <= order.Length; k++)
        {
            bool isInside = k < order.Length && order[k].Combination is { } name && name == order[k - 1].Combination;
            if (isInside)
                continue;
            double after = Shortage(problem, order.Take(k));
            Assert.True(after <= before + tolerance, $"step {k} is short by {after}, before it by {before}");
            before = after;
        }
    }

    [Fact]
    public void Every_prefix_stays_within_initial_margin_whatever_the_trades()
    {
        var problem = Problem(Input(MarginMode.CrossStandard, 100_000, new Position("BTC-24APR26-85000-C", -5, null)));
        int held = Place(problem, "BTC-24APR26-85000-C");
        int[] lines =
        [
            .. Enumerable
                .Range(0, problem.Lines.Length)
                .Where(i => problem.High[i] - problem.Low[i] > 2 * problem.Least[i]),
        ];
        Assert.True(lines.Length > 10);
        int tested = 0,
            opening = 0;
        // One fixed draw of books: what the counts below ask must not depend on chance.
        var random = new Random(4);
        for (int book = 0; book < 400; book++)
        {
            var lots = new int[problem.Lines.Length];
            for (int trade = random.Next(1, 7); trade > 0; trade--)
            {
                int i = lines[random.Next(lines.Length)];
                double most = 500_000 / Notional(problem, i);
                double size = 2 * random.NextDouble() - 1;
                lots[i] = problem.Permit(i, Math.Clamp(size * most, problem.Low[i], problem.High[i]));
            }
            lots[held] = problem.Permit(held, random.NextDouble() * 5 / 0.1);
            var order = TradeOrder.Of(problem, lots);
            Assert.Equal(lots.Count(lot => lot != 0), order.Length);
            Assert.Equal(Enumerable.Range(1, order.Length), order.Select(step => step.Step));
            Assert.Equal(order.Length, order.Select(step => step.Line).Distinct().Count());
            // A book that is itself short of margin has no order within it; the answer is never such a book.
            if (Shortage(problem, order) > 0)
                continue;
            CanBeDone(problem, order);
            tested++;
            if (order.Any(step => Shortage(problem, [step]) > 0))
                opening++;
        }
        Assert.True(tested > 50, $"only {tested} books were within margin");
        Assert.True(opening > 20, $"only {opening} had a trade that could not be done first");
    }

    static double Notional(LotProblem problem, int i)
    {
        var instrument = problem.Solve.Parts.Prepared.Lines[problem.Lines[i]].Instrument;
        double index = problem.Solve.Parts.Prepared.Input.Market.Find(instrument.Underlying)!.IndexUsd;
        return Markets.Notional.PerContractUsd(instrument, index) * (double)instrument.LotContracts;
    }

    [Fact]
    public void Legs_that_margin_allows_only_together_are_a_combination()
    {
        var problem = Problem(Input(MarginMode.CrossPortfolio, 100_000));
        // Each alone takes more than half of the equity as margin; together they are a calendar spread.
        int[] lots = Lots(problem, ("BTC-PERPETUAL", 40_000), ("BTC-26JUN26", -40_000), ("ETH-PERPETUAL", 2_000));
        var order = TradeOrder.Of(problem, lots);
        Assert.All(
            order.Where(trade => trade.Combination is not null),
            trade => Assert.True(Shortage(problem, [trade]) > 0, "a leg that could be done alone")
        );
        string[] together =
        [
            .. order
                .Where(trade => trade.Combination == "combination 1")
                .Select(trade => problem.Solve.Parts.Prepared.Lines[trade.Line].Name)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(["BTC-26JUN26", "BTC-PERPETUAL"], together);
        Assert.Single(order, trade => trade.Combination is null);
        CanBeDone(problem, order);
    }

    [Fact]
    public void Account_short_of_margin_first_does_what_frees_it_and_nothing_is_tied_together()
    {
        // Twelve short calls ask for more than the account has; closing them in part is possible at once.
        var problem = Problem(Input(MarginMode.CrossStandard, 100_000, new Position("BTC-24APR26-85000-C", -12, null)));
        Assert.True(Shortage(problem, []) > 0, "the account must start short of margin");
        int[] lots = Lots(problem, ("BTC-24APR26-85000-C", 9), ("BTC-PERPETUAL", 3_000), ("ETH-PERPETUAL", -3_000));
        var order = TradeOrder.Of(problem, lots);
        Assert.Equal("BTC-24APR26-85000-C", problem.Solve.Parts.Prepared.Lines[order[0].Line].Name);
        Assert.All(order, trade => Assert.Null(trade.Combination));
        CanBeDone(problem, order);
    }

    [Fact]
    public void Hedge_comes_before_what_it_hedges()
    {
        var problem = Problem(Input(MarginMode.CrossStandard, 100_000));
        int[] lots = Lots(problem, ("BTC-24APR26-85000-C", -1), ("BTC-24APR26-90000-C", 1));
        var order = TradeOrder.Of(problem, lots);
        string[] names = [.. order.Select(trade => problem.Solve.Parts.Prepared.Lines[trade.Line].Name)];
        Assert.Equal(["BTC-24APR26-90000-C", "BTC-24APR26-85000-C"], names);
        CanBeDone(problem, order);
    }

    [Fact]
    public void Each_line_of_the_answer_is_in_the_venues_own_order_amount()
    {
        var account = EmbeddedMarket.Account();
        var mandate = MandateFile.ParseLocated(EmbeddedMarket.MandateText, "built-in").Value.Value;
        var decision = Sizer.Decide(SizingCases.Input(EmbeddedMarket.Snapshot(), account, mandate));
        var market = EmbeddedMarket.Snapshot();
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in decision.Targets.Where(line => line.Trade != 0))
        {
            var instrument = market.Quotes.Single(quote => quote.Instrument.Name == line.Instrument).Instrument;
            // Deribit: amount of inverse futures and perpetuals in USD, of options and of linear contracts in coin.
            bool inDollars = instrument is not OptionInstrument && instrument.Shape == PayoffShape.Inverse;
            Assert.Equal(inDollars ? "USD" : instrument.Underlying, line.OrderAmountUnit);
            decimal contract = instrument.Name switch
            {
                "BTC-PERPETUAL" => 10,
                "ETH-PERPETUAL" => 1,
                _ => instrument is OptionInstrument { Shape: PayoffShape.Inverse } ? 1 : 0.01m,
            };
            Assert.Equal(Math.Abs(line.Trade) * contract, line.OrderAmount);
            Assert.Equal(0, line.Trade % instrument.LotContracts);
            kinds.Add(line.OrderAmountUnit);
        }
        Assert.Contains("USD", kinds);
        Assert.Contains("BTC", kinds);
        CanBeDone(decision, account, mandate);
    }

    static void CanBeDone(Decision decision, Account account, Mandate mandate)
    {
        var input = SizingCases.Input(EmbeddedMarket.Snapshot(), account, mandate);
        var market = new RiskMarket(input.Market, Sizer.Prepare(input).Value.Surfaces);
        var book = Book.Of(account, input.Market, market.Prices);
        double limit = mandate.Limits.InitialMargin!.Value;
        foreach (var line in decision.Targets.Where(line => line.Trade != 0).OrderBy(line => line.Step))
        {
            var instrument = market.Prices.Find(line.Instrument)!;
            book = book.After([new BookTrade("main", instrument, (double)line.Trade, 0)], market.Prices);
            var pool = Assert.Single(
                AccountMargin.Now(
                    account,
                    book,
                    DeribitStandardMargin.Shipped,
                    market.Prices,
                    Sizer.Prepare(input).Value.Matrix.Prices!
                )
            );
            Assert.True(pool.Initial <= limit * pool.Equity, $"after step {line.Step}");
        }
    }
}
