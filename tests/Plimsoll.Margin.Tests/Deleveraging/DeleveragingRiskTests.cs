using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.TestSupport;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class DeleveragingRiskTests
{
    static readonly PerpetualInstrument Inverse = Perpetual("BTC");
    static readonly PerpetualInstrument Linear = Perpetual("BTC", PayoffShape.Linear, 0.01m);
    static readonly OptionInstrument Put = Option("BTC", 55_000, OptionRight.Put, Far);
    static readonly MarketSnapshot Snapshot = Market(Inverse, Linear, Put);
    static readonly double[] Moves = [-0.5, -0.3, -0.1, -0.05, 0, 0.05, 0.1, 0.3, 0.5];
    static readonly DeleveragingStress Stress = new("hyperliquid", 0.1);

    static RiskRequest Request(DeleveragingStress? stress, params ImmutableArray<Position> positions) =>
        new()
        {
            Market = new RiskMarket(Snapshot, Surfaces),
            Account = Accounts.Segregated([new Balance(Btc, 2), new Balance(Currency.Usdc, 50_000)], positions),
            Scenarios = Scenarios(Away()),
            Stress = Scenarios(Away(), weighted: false),
            Home = Currency.Usd,
            Deleveraging = stress,
        };

    /// <summary>Log moves of which none stands at the trigger itself, where rounding would decide.</summary>
    static double[] Away() => [.. Moves.Select(move => Math.Log(1 + 0.9 * move))];

    static double? Value(RiskReport report, string key) =>
        Assert.Single(report.Before!.Figures, figure => figure.Key == key).Value;

    static PnlMatrix Matrix() =>
        Revaluation.Compute(
            Snapshot,
            Surfaces,
            Scenarios([.. Moves.Select(move => Math.Log(1 + move))], horizonDays: 0), // no funding in the gain
            [Inverse, Linear, Put],
            Currency.Usd,
            1
        );

    [Fact]
    public void A_leg_closed_at_the_move_keeps_the_gain_it_had_there_in_its_settlement_currency()
    {
        var matrix = Matrix();
        int count = Moves.Length;
        double[] asLong = new double[count],
            asShort = new double[count];
        foreach (var (instrument, inverse) in ((Instrument, bool)[])[(Inverse, true), (Linear, false)])
        {
            int column = matrix.Instruments.IndexOf(instrument);
            Stress.Forgone(matrix, column, asLong, asShort);
            var settlement = matrix.Prices!.InScenarios(instrument.Settlement);
            var gain = matrix.Gain.Column(column);
            int atTrigger = Array.IndexOf(Moves, -0.1);
            for (int s = 0; s < count; s++)
            {
                if (Moves[s] >= -0.1)
                {
                    Assert.Equal(0, asShort[s], 1e-9);
                    continue;
                }
                // What a short gained by −10%, valued at the settlement currency's price in the scenario.
                double kept = -gain[atTrigger] / settlement[atTrigger] * settlement[s];
                Assert.Equal(kept, -gain[s] - asShort[s], 1e-9 * Math.Abs(gain[s]));
                Assert.True(inverse ? settlement[s] < 60_000 : settlement[s] == 1);
            }
            Assert.All(asLong.Concat(asShort), forgone => Assert.True(forgone >= 0));
            Assert.True(asLong[^1] > 0 && asLong[0] == 0);
        }
        Stress.Forgone(matrix, matrix.Instruments.IndexOf(Put), asLong, asShort);
        Assert.All(asLong.Concat(asShort), forgone => Assert.Equal(0, forgone));
    }

    [Fact]
    public void A_share_is_proportional_and_nothing_assumed_leaves_every_figure_out()
    {
        var matrix = Matrix();
        double[] whole = new double[Moves.Length],
            half = new double[Moves.Length],
            other = new double[Moves.Length];
        Stress.Forgone(matrix, 1, other, whole);
        (Stress with { Share = 0.5 }).Forgone(matrix, 1, other, half);
        Assert.Equal(whole.Select(value => value / 2), half);
        var plain = AccountRisk.Report(Request(null, new Position(Inverse.Name, -1_000, 65_000)));
        Assert.Null(plain.Before!.Deleveraging);
        Assert.DoesNotContain(plain.Before.Figures, figure => figure.Key.StartsWith("delever"));
    }

    [Fact]
    public void The_winning_leg_of_a_hedge_costs_and_the_losing_leg_does_not()
    {
        // Coins and a put sold lose in a fall; the short perpetual is the hedge that a venue would close.
        var report = AccountRisk.Report(
            Request(Stress, new Position(Put.Name, -2, null), new Position(Inverse.Name, -15_000, 65_000))
        );
        double worst = Value(report, "worst_stress")!.Value,
            deleveraged = Value(report, "deleveraged_worst_stress")!.Value,
            cost = Value(report, $"deleveraging_cost[{Inverse.Name}]")!.Value;
        Assert.True(deleveraged > worst);
        Assert.Equal(deleveraged - worst, cost, 1e-6);
        Assert.Equal(2.0 / 9, Value(report, $"deleveraging_probability[{Inverse.Name}]")!.Value, 1e-9);
        Assert.True(Value(report, "deleveraged_expected_shortfall[99%]") >= Value(report, "expected_shortfall[99%]"));
        // At a quarter of the index: closed at a tenth down, the coins gained until then are kept and worth less there.
        double mark = new RiskMarket(Snapshot, Surfaces).Prices.Price(Inverse)!.Value,
            dollars = 15_000 * (double)Inverse.ContractSize,
            coinsBeyond = dollars * 60_000 / mark * (1 / 15_000.0 - 1 / 54_000.0);
        Assert.Equal(
            Value(report, "worst_tail[BTC]")!.Value + coinsBeyond * 15_000,
            Value(report, "deleveraged_worst_tail[BTC]")!.Value,
            1e-6
        );
        var losing = AccountRisk.Report(Request(Stress, new Position(Inverse.Name, 15_000, 65_000)));
        Assert.Equal(Value(losing, "worst_tail[BTC]"), Value(losing, "deleveraged_worst_tail[BTC]"));
        Assert.Equal(0, Value(losing, $"deleveraging_cost[{Inverse.Name}]")!.Value, 1e-9);
    }

    [Fact]
    public void The_score_is_the_venues_own_with_the_pools_equity_and_the_rank_is_against_the_recorded_day()
    {
        var report = AccountRisk.Report(Request(Stress, new Position(Inverse.Name, -3_000, 65_000)));
        double mark = new RiskMarket(Snapshot, Surfaces).Prices.UnderlyingPriceUsd(Inverse)!.Value,
            equity = report.Before!.Pools.Single(pool => pool.Name == "main/BTC").Equity;
        double score = 65_000 / mark * (30_000 / equity);
        Assert.Equal(score, Value(report, $"deleveraging_score[{Inverse.Name}]")!.Value, 1e-9 * score);
        double rank = Value(report, $"deleveraging_rank[{Inverse.Name}]")!.Value;
        Assert.InRange(rank, 0.1, 0.5);
        var losing = AccountRisk.Report(Request(Stress, new Position(Inverse.Name, -3_000, 50_000)));
        Assert.Null(Value(losing, $"deleveraging_score[{Inverse.Name}]"));
        Assert.Null(Value(losing, $"deleveraging_rank[{Inverse.Name}]"));
        var rotation = AccountRisk.Report(
            Request(Stress with { Venue = "dydx" }, new Position(Inverse.Name, -3_000, 65_000))
        );
        Assert.Null(Value(rotation, $"deleveraging_score[{Inverse.Name}]"));
    }

    [Fact]
    public void The_record_is_the_page_and_ranks_ascend()
    {
        var record = DeleveragingRecord.Find("hyperliquid")!;
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "margin", "adl-2025-10-10.md"));
        foreach (var (share, score) in record.Quantiles)
        {
            Assert.Contains(FormattableString.Invariant($"| {share:0%} | {score:0.000} |"), page);
            Assert.Equal(share, record.Rank(score), 1e-12);
        }
        double[] ranks = [.. new[] { 0, 0.01, 0.05, 0.5, 0.7, 2, 50, 1e6 }.Select(record.Rank)];
        Assert.Equal(ranks.Order(), ranks);
        Assert.Null(DeleveragingRecord.Find("okx"));
        Assert.Equal("2025-10-10", record.Note.Dated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}
