using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Limits on losses where winning futures may be deleveraged: a hedge counts less.</summary>
public sealed class DeleveragedLimitsTests
{
    const string Inverse = "BTC-PERPETUAL";
    const string Linear = "BTC_USDC-PERPETUAL";
    const double Move = 0.05;

    static readonly DeleveragingStress Stress = new("hyperliquid", Move, 0.9);

    static readonly MarketSnapshot Market = EmbeddedMarket.Snapshot();

    static readonly SurvivalLimits Losses = new()
    {
        ExpectedShortfall = new ExpectedShortfallLimit(0.975, 0.05),
        WorstCase = new WorstCaseLimit(0.25, 0.25, 4, false),
        Drawdown = new DrawdownLimit(0.2, 0.05, Years.FromDays(30)),
        PathLoss = new PathLossLimit(0.2, 0.01),
    };

    /// <summary>Short one perpetual, long another of the same coin and size: flat but for the coin's own convexity.</summary>
    internal static SizingInput Hedged(DeleveragedLimits? counted, MarginMode mode = MarginMode.CrossStandard)
    {
        var linear = Market.Quotes.Single(quote => quote.Instrument.Name == Linear).Instrument;
        decimal contracts = Math.Round((decimal)(200_000 / Market.Find("BTC")!.IndexUsd / (double)linear.ContractSize));
        var account = new Account
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = mode,
                    Balances = [new Balance(Currency.Usdc, 200_000)],
                    Positions = [new Position(Inverse, -20_000, null), new Position(Linear, contracts, null)],
                },
            ],
        };
        var mandate = new Mandate
        {
            Candidates = [Inverse, Linear],
            Survival = Losses,
            Limits = new MandateLimits { UnderlyingWorstCase = 0.15 },
            Assumptions = counted is { } limits
                ? new Assumptions(Deleveraging: Stress, DeleveragedLimits: limits)
                : new(),
        };
        return SizingCases.Input(Market, account, mandate) with { Scenarios = 1_000 };
    }

    static LimitLine Line(Decision decision, string name) => decision.Limits.Single(line => line.Name == name);

    /// <summary>Gain of a book with its winning futures closed, written from the definition.</summary>
    static double[] Gain(PnlMatrix matrix, IReadOnlyDictionary<string, double> contracts)
    {
        var gain = new double[matrix.Scenarios.Count];
        double[] returns = matrix.Scenarios.Of("BTC").LogReturn;
        for (int i = 0; i < matrix.Instruments.Length; i++)
        {
            if (!contracts.TryGetValue(matrix.Instruments[i].Name, out double held))
                continue;
            for (int s = 0; s < gain.Length; s++)
            {
                double own = held * matrix.Gain[s, i],
                    up = Math.Exp(returns[s]) - 1,
                    at = up > 0 ? Move : -Move;
                bool wins = Math.Abs(up) > Move && held * up > 0 && own > 0;
                // In coin an inverse contract gains 1 − 1/(1 + u) of its dollars, valued at the same final price.
                bool isInverse = matrix.Instruments[i].Name == Inverse;
                double kept = isInverse ? (1 - 1 / (1 + at)) / (1 - 1 / (1 + up)) : at / up;
                gain[s] += wins ? own * (1 - Stress.Share + Stress.Share * kept) : own;
            }
        }
        return gain;
    }

    [Fact]
    public void A_hedged_book_counts_less_in_every_limit_on_losses_by_the_definition()
    {
        var prepared = Sizer.Prepare(Hedged(DeleveragedLimits.All)).Value;
        var random = new Random(7);
        for (int draw = 0; draw < 20; draw++)
        {
            double[] wanted = [.. prepared.Lines.Select(line => line.Name == Inverse ? 60_000 : 600_000)];
            for (int i = 0; i < wanted.Length; i++)
                wanted[i] *= 2 * random.NextDouble() - 1;
            var solve = At(prepared, wanted);
            var held = prepared
                .Lines.Select((line, i) => (line.Name, wanted[i]))
                .ToDictionary(x => x.Name, x => x.Item2);
            double cost = solve.Evaluator.Cost;
            double[] gain = Gain(prepared.Matrix, held),
                stressed = Gain(prepared.StressMatrix, held);
            double[] loss = [.. gain.Select((g, s) => cost + 1 - (prepared.Collateral[s] + g) / prepared.Equity)];
            double worst = stressed.Select((g, r) => 1 - (prepared.StressCollateral[r] + g) / prepared.Equity).Max();
            Assert.Equal(Shortfall(loss, prepared.Law.Prior, 0.975), Value(solve, ExpectedShortfallRule.Name), 1e-9);
            Assert.Equal(worst + cost, Value(solve, StressWorstCase.Name), 1e-9);
            Assert.Equal(
                stressed.Max(g => -g / prepared.Equity),
                Value(solve, "limits.underlying-worst-case[BTC]"),
                1e-9
            );
        }
    }

    /// <summary>Over the tail range and at every look of every path the same definition holds.</summary>
    [Fact]
    public void A_hedged_book_counts_less_over_the_tail_range_and_on_the_way_by_the_definition()
    {
        var prepared = Sizer.Prepare(Hedged(DeleveragedLimits.All)).Value;
        var random = new Random(13);
        for (int draw = 0; draw < 6; draw++)
        {
            double[] wanted = [.. prepared.Lines.Select(line => line.Name == Inverse ? 60_000 : 600_000)];
            for (int i = 0; i < wanted.Length; i++)
                wanted[i] *= 2 * random.NextDouble() - 1;
            var solve = At(prepared, wanted);
            var held = prepared
                .Lines.Select((line, i) => (line.Name, wanted[i]))
                .ToDictionary(x => x.Name, x => x.Item2);
            double worst = 0;
            for (double s = 0.25; s <= 4; s += 0.001)
                worst = Math.Max(worst, -TailGain(prepared, held, s));
            foreach (double s in (double[])[0.25, 1 - Move, 1 + Move, 4])
                worst = Math.Max(worst, -TailGain(prepared, held, s));
            Assert.Equal(worst / prepared.Equity, Value(solve, "survival.worst-case.tail-range[BTC]"), 1e-9);
            int[] columns = [.. prepared.Lines.Select(line => line.Column)];
            var paths = prepared.Paths!;
            var lost = new double[paths.Count];
            for (int look = 0; look < paths.Looks.Length; look++)
            {
                double[] gain = Gain(paths.Joined(look, columns), held);
                for (int s = 0; s < lost.Length; s++)
                    lost[s] = Math.Max(lost[s], (double)-gain[s] / prepared.Equity);
            }
            double onTheWay = Shortfall(lost, prepared.Law.Prior, 0.99) + solve.Evaluator.Cost;
            Assert.Equal(onTheWay, Value(solve, PathLossRule.Name), 1e-9);
        }
    }

    /// <summary>Gain of two perpetuals at a multiple of the index, closed at the move and kept in their own currency.</summary>
    static double TailGain(PreparedSizing prepared, IReadOnlyDictionary<string, double> held, double multiple)
    {
        double sum = 0,
            index = Market.Find("BTC")!.IndexUsd;
        foreach (var line in prepared.Lines)
        {
            double size = (double)line.Instrument.ContractSize,
                price = prepared.Prices.Price(line.Instrument)!.Value,
                own = held[line.Name];
            // Zero at today's index; an inverse contract's gain is in coins, worth what the coin is at the end.
            double Dollars(double at) =>
                line.Name == Inverse
                    ? own * size * (1 - 1 / at) * index / price * multiple
                    : own * size * price * (at - 1);
            double plain = Dollars(multiple),
                kept = Dollars(own > 0 ? 1 + Move : 1 - Move);
            bool wins = own > 0 ? multiple > 1 + Move : multiple < 1 - Move;
            sum += wins ? (1 - Stress.Share) * plain + Stress.Share * kept : plain;
        }
        return sum;
    }

    [Fact]
    public void Counted_losses_are_convex_in_the_book_and_at_least_the_plain_ones()
    {
        var (plain, counted) = (Sizer.Prepare(Hedged(null)).Value, Sizer.Prepare(Hedged(DeleveragedLimits.All)).Value);
        string[] names =
        [
            ExpectedShortfallRule.Name,
            StressWorstCase.Name,
            "limits.underlying-worst-case[BTC]",
            "survival.worst-case.tail-range[BTC]",
            PathLossRule.Name,
        ];
        var random = new Random(11);
        int less = 0;
        for (int draw = 0; draw < 30; draw++)
        {
            double[] a = Draw(),
                b = Draw(),
                middle = [.. a.Select((value, i) => (value + b[i]) / 2)];
            var (atA, atB, between) = (At(counted, a), At(counted, b), At(counted, middle));
            foreach (string name in names)
            {
                Assert.True(Value(between, name) <= (Value(atA, name) + Value(atB, name)) / 2 + 1e-9, name);
                Assert.True(Value(atA, name) >= Value(At(plain, a), name) - 1e-12, name);
                less += Value(atA, name) > Value(At(plain, a), name) + 0.01 ? 1 : 0;
            }
        }
        Assert.True(less > 20, $"{less}: the assumption hardly counts, the test proves little");

        double[] Draw() =>
            [.. plain.Lines.Select(line => (line.Name == Inverse ? 60_000 : 600_000) * (2 * random.NextDouble() - 1))];
    }

    [Theory]
    [InlineData(MarginMode.CrossStandard)]
    [InlineData(MarginMode.CrossPortfolio)]
    public void What_the_hedge_no_longer_covers_is_cut(MarginMode mode)
    {
        var (plain, liquidation, all) = (
            Sizer.Decide(Hedged(null, mode)),
            Sizer.Decide(Hedged(DeleveragedLimits.Liquidation, mode)),
            Sizer.Decide(Hedged(DeleveragedLimits.All, mode))
        );
        string[] names =
        [
            ExpectedShortfallRule.Name,
            StressWorstCase.Name,
            DrawdownRule.Name,
            PathLossRule.Name,
            "survival.worst-case.tail-range[BTC]",
        ];
        foreach (string name in names)
        {
            Assert.Equal(Line(plain, name).ValueBefore, Line(liquidation, name).ValueBefore);
            Assert.True(Line(all, name).ValueBefore > Line(plain, name).ValueBefore, name);
        }
        // What the figures say is what the limits look at.
        foreach (
            var (figure, name) in ((string, string)[])
                [("worst_case_stress", names[1]), ("worst_case_tail[BTC]", names[4])]
        )
            Assert.Equal(Line(all, name).ValueBefore, all.Before.Single(one => one.Key == figure).Value!.Value, 1e-12);
        Assert.Equal(DecisionStatus.Sized, plain.Status);
        Assert.DoesNotContain(plain.Targets, line => line.Trade != 0);
        Assert.Equal(DecisionStatus.Sized, all.Status);
        Assert.All(all.Limits, limit => Assert.True(limit.Value <= limit.Limit + 1e-9, limit.Name));
        foreach (string leg in (string[])[Inverse, Linear])
        {
            var line = all.Targets.Single(target => target.Instrument == leg);
            Assert.InRange(Math.Abs((double)line.Target) / Math.Abs((double)line.Current), 0, 0.95);
        }
        Assert.Contains(
            all.Assumptions,
            words => words.Contains("limits on losses and on liquidation", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_futures_hedge_is_opened_in_smaller_size()
    {
        // Calls sold high and bought low against the perpetual: growth under a view, hedged by what may be closed.
        var mandate = SizingCases.Mandate(SizingCases.HighVolatility(0.8)) with
        {
            Candidates = ["BTC*"],
        };
        double Growth(Assumptions assumed)
        {
            var input = SizingCases.Input(
                Market,
                SizingCases.AllIn(Currency.Usd, 100_000),
                mandate with
                {
                    Assumptions = assumed,
                }
            );
            var decision = Sizer.Decide(input with { Scenarios = 500 });
            Assert.Equal(DecisionStatus.Sized, decision.Status);
            return decision.ContinuousGrowthRateAnnual;
        }
        var none = mandate.Assumptions;
        var liquidation = none with { Deleveraging = Stress };
        double plain = Growth(none),
            all = Growth(liquidation with { DeleveragedLimits = DeleveragedLimits.All });
        Assert.True(all < plain, $"{all} with, {plain} without");
        Assert.True(all <= Growth(liquidation) + 1e-6);
    }

    static ContinuousSolve At(PreparedSizing prepared, double[] wanted)
    {
        var trades = Enumerable
            .Range(0, wanted.Length)
            .ToDictionary(i => i, i => wanted[i] - prepared.Lines[i].CurrentContracts);
        var legs = Leg.OfTrades(prepared.Lines, trades);
        return ContinuousSolve.Evaluate(prepared, legs, [.. legs.Select(leg => leg.Cap)]);
    }

    static double Value(ContinuousSolve solve, string name)
    {
        int k = 0;
        while (solve.Program.Constraints[k].Name != name)
            k++;
        return solve.Evaluator.Value(k);
    }

    static double Shortfall(double[] loss, double[] weights, double level)
    {
        double left = 1 - level,
            sum = 0;
        foreach (var (each, weight) in loss.Zip(weights).OrderByDescending(pair => pair.First))
        {
            sum += Math.Min(left, weight) * each;
            left -= Math.Min(left, weight);
        }
        return sum / (1 - level);
    }
}
