using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

/// <summary>A hundred thousand scenarios in two thousand: shortfalls, optimum and moments stay.</summary>
public sealed class ScenarioReductionTests
{
    const int Full = 100_000;
    const int Kept = 2_000;

    static readonly Instrument[] Contracts =
    [
        Perpetual("BTC", PayoffShape.Linear, 1),
        Perpetual("ETH", PayoffShape.Linear, 1),
        Option("BTC", 55_000, OptionRight.Put, Middle, PayoffShape.Linear),
        Option("BTC", 68_000, OptionRight.Call, Middle, PayoffShape.Linear),
        Option("ETH", 1_800, OptionRight.Put, Far, PayoffShape.Linear),
        Option("ETH", 2_400, OptionRight.Call, Far, PayoffShape.Linear),
    ];

    /// <summary>The present book: short puts and calls against a perpetual, and a spread of ether options.</summary>
    static readonly double[][] Books =
    [
        [0.5, 0, -3, -2, 0, 0],
        [0, 10, 0, 0, -40, 30],
    ];

    static readonly Lazy<(PnlMatrix Full, PnlMatrix Reduced)> Laws = new(() =>
    {
        var market = Market(Contracts);
        var full = Revaluation.Compute(market, Surfaces, Draw(Full), [.. Contracts], Currency.Usd, 2);
        return (full, ScenarioReduction.Reduce(full, market, [.. Books.Select(book => Gains(full, book))], Kept, 3));
    });

    [Fact]
    public void Weights_means_and_the_count_are_kept()
    {
        var (full, reduced) = Laws.Value;
        // A cell that stands as two rows may not fit at the end.
        Assert.InRange(reduced.Scenarios.Count, Kept - 1, Kept);
        Assert.Equal(1, reduced.Scenarios.Weights.Sum(), 1e-9);
        foreach (string coin in new[] { "BTC", "ETH" })
        {
            double Mean(ScenarioSet set) => set.Of(coin).LogReturn.Select((r, s) => set.Weights[s] * Math.Exp(r)).Sum();
            Assert.Equal(Mean(full.Scenarios), Mean(reduced.Scenarios), 1e-10);
        }
        var moves = reduced.Scenarios.Of("BTC");
        for (int s = 0; s < reduced.Scenarios.Count; s++)
            Assert.True(moves.PathLow[s] <= Math.Min(0, moves.LogReturn[s]) + 1e-9);
    }

    [Fact]
    public void Expected_shortfall_of_contracts_and_of_the_book_changes_by_less_than_half_a_percent()
    {
        var (full, reduced) = Laws.Value;
        for (int book = 0; book < 2 * Contracts.Length + Books.Length; book++)
        {
            double[] contracts = new double[Contracts.Length];
            if (book < 2 * Contracts.Length)
                contracts[book / 2] = book % 2 == 0 ? 1 : -1;
            else
                contracts = Books[book - 2 * Contracts.Length];
            Assert.InRange(Change(full, reduced, contracts), 0, 0.005);
        }
    }

    [Fact]
    public void Random_books_keep_mean_and_variance_and_change_their_shortfall_by_little()
    {
        var (full, reduced) = Laws.Value;
        var random = new SeededRandom(77, 0);
        for (int book = 0; book < 30; book++)
        {
            double[] contracts = [.. Contracts.Select((_, i) => random.NextNormal() * (i is 1 or 4 or 5 ? 30 : 1))];
            Assert.InRange(Change(full, reduced, contracts), 0, 0.02);
            double Deviation(PnlMatrix law) =>
                RiskMeasures.StandardDeviation(Gains(law, contracts), law.Scenarios.Weights);
            double Mean(PnlMatrix law) => Gains(law, contracts).Zip(law.Scenarios.Weights, (g, w) => g * w).Sum();
            Assert.Equal(Mean(full), Mean(reduced), 1e-9 * Deviation(full));
            Assert.Equal(1, Deviation(reduced) / Deviation(full), 1e-4);
        }
    }

    static readonly double[] Levels = [0.975, 0.99];

    static double Change(PnlMatrix full, PnlMatrix reduced, double[] contracts) =>
        Levels.Max(level => Math.Abs(Shortfall(reduced, contracts, level) / Shortfall(full, contracts, level) - 1));

    [Fact]
    public void The_optimum_of_expected_shortfall_changes_by_less_than_half_a_percent()
    {
        // How much of each contract to add to the book so that its shortfall is least: solved on either law.
        var (full, reduced) = Laws.Value;
        double[] book = Books[0];
        double[] Best(PnlMatrix law) =>
            TailLossSolver
                .Solve(
                    new TailLossProgram
                    {
                        Gains = law.Gain,
                        Base = Gains(law, book),
                        Weights = law.Scenarios.Weights,
                        Level = 0.99,
                        Domain = new QuadraticProgram
                        {
                            Linear = new double[Contracts.Length],
                            Lower = [.. Contracts.Select((_, i) => i is 1 or 4 or 5 ? -30.0 : -1)],
                            Upper = [.. Contracts.Select((_, i) => i is 1 or 4 or 5 ? 30.0 : 1)],
                        },
                    }
                )
                .X;
        double Judge(double[] x) => Shortfall(full, [.. book.Select((contracts, i) => contracts + x[i])], 0.99);
        double onFull = Judge(Best(full)),
            onReduced = Judge(Best(reduced));
        Assert.True(onFull < 0.9 * Judge(new double[Contracts.Length]));
        Assert.InRange(onReduced / onFull, 1 - 1e-6, 1.005);
    }

    [Fact]
    public void Fewer_scenarios_than_asked_for_stay_as_they_are()
    {
        var market = Market(Contracts);
        var few = Revaluation.Compute(market, Surfaces, Draw(500), [.. Contracts], Currency.Usd, 1);
        Assert.Same(few, ScenarioReduction.Reduce(few, market, [], 500, 1));
    }

    static double Shortfall(PnlMatrix law, double[] contracts, double level) =>
        new LossDistribution(Gains(law, contracts), law.Scenarios.Weights).ExpectedShortfall(level);

    static double[] Gains(PnlMatrix law, double[] contracts)
    {
        var gains = new double[law.Scenarios.Count];
        for (int i = 0; i < contracts.Length; i++)
        {
            var column = law.Gain.Column(i);
            for (int s = 0; s < gains.Length; s++)
                gains[s] += contracts[i] * column[s];
        }
        return gains;
    }

    static ScenarioSet Draw(int count)
    {
        var random = new SeededRandom(31, 0);
        var (btc, eth) = (new double[count], new double[count]);
        for (int s = 0; s < count; s++)
        {
            double mixing = Math.Sqrt(4 / Enumerable.Range(0, 4).Sum(_ => Math.Pow(random.NextNormal(), 2)));
            btc[s] = Math.Clamp(0.028 * mixing * random.NextNormal(), -1, 1);
            eth[s] = Math.Clamp(1.2 * btc[s] + 0.015 * mixing * random.NextNormal(), -1.2, 1.2);
        }
        var plain = Scenarios(btc);
        return plain with
        {
            Underlyings =
            [
                plain.Underlyings[0],
                new UnderlyingScenarios
                {
                    Underlying = "ETH",
                    LogReturn = eth,
                    LogVolatilityMove = [.. eth.Select(r => -0.8 * r + 0.03 * random.NextNormal())],
                    SkewMove = [.. eth.Select(r => 0.02 * r)],
                    PathLow = [.. eth.Select(r => Math.Min(0, r))],
                    PathHigh = [.. eth.Select(r => Math.Max(0, r))],
                    DeliveryLogReturn = plain
                        .Underlyings[1]
                        .DeliveryLogReturn.ToDictionary(pair => pair.Key, _ => eth.Select(r => 0.9 * r).ToArray())
                        .ToImmutableSortedDictionary(),
                },
            ],
        };
    }
}
